namespace Explaino.Deployment.Tests;

/// <summary>Shared code is split by what uses it (docs/adr/0013).</summary>
public sealed class SharedCodeTests
{
    /// <summary>How the assemblies begin that only services with a database, a broker or files have a use for.</summary>
    private static readonly string[] OfData = ["Microsoft.EntityFrameworkCore", "Npgsql", "MassTransit", "RabbitMQ", "AWSSDK", "NetVips", "ServiceData", "ServiceFiles", "ServiceMedia"];

    [Fact]
    public void The_gateway_carries_no_database_no_broker_and_no_cloud() =>
        Assert.DoesNotContain(
            Directory.EnumerateFiles(Path.GetDirectoryName(Service.Gateway.Assembly)!, "*.dll").Select(Path.GetFileName),
            file => OfData.Any(name => file!.StartsWith(name, StringComparison.Ordinal)));

    [Fact]
    public void Only_services_that_show_pictures_carry_what_decodes_them() =>
        Assert.Equal(
            Service.All.Where(service => ProjectGraph.ReferencedBy(service.Project).Contains("ServiceMedia")),
            Service.All.Where(service => File.Exists(Path.Combine(Path.GetDirectoryName(service.Assembly)!, "NetVips.dll"))));

    [Fact]
    public void A_service_shares_no_code_with_another_but_what_is_for_all() =>
        Assert.All(Service.All, service => Assert.Subset(
            new HashSet<string> { "ServiceDefaults", "ServiceData", "ServiceFiles", "ServiceMedia" }, ProjectGraph.ReferencedBy(service.Project).ToHashSet()));
}
