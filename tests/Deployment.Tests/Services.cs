namespace Explaino.Deployment.Tests;

internal static class Services
{
    public static readonly IReadOnlyList<Service> WithDatabase = [Service.Identity, Service.Wallet, Service.Profile, Service.Jobs, Service.Chat];

    public static readonly IReadOnlyList<Service> All = [Service.Gateway, .. WithDatabase];
}
