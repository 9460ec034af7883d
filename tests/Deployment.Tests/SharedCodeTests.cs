namespace Explaino.Deployment.Tests;

/// <summary>Shared code is split by what uses it (docs/adr/0013).</summary>
public sealed class SharedCodeTests
{
    /// <summary>How the assemblies begin that only services with a database, a broker or files have a use for.</summary>
    private static readonly string[] OfData = ["Microsoft.EntityFrameworkCore", "Npgsql", "MassTransit", "RabbitMQ", "AWSSDK", "ServiceData", "ServiceFiles"];

    [Fact]
    public void The_gateway_carries_no_database_no_broker_and_no_cloud() =>
        Assert.DoesNotContain(
            Directory.EnumerateFiles(Path.GetDirectoryName(Service.Gateway.Assembly)!, "*.dll").Select(Path.GetFileName),
            file => OfData.Any(name => file!.StartsWith(name, StringComparison.Ordinal)));

    [Fact]
    public void A_service_shares_no_code_with_another_but_what_is_for_all() =>
        Assert.All(Service.All, service => Assert.Subset(
            new HashSet<string> { "ServiceDefaults", "ServiceData", "ServiceFiles" }, ProjectGraph.ReferencedBy(service.Project).ToHashSet()));
}
