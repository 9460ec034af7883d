using System.Net;
using Explaino.Testing;

namespace Explaino.EndToEnd.Tests;

/// <summary>No service needs another one, its database or the broker to be there first.</summary>
public sealed class StartOrderTests
{
    public static TheoryData<string> Services => ["identity", "wallet", "profile", "jobs", "chat"];

    [Theory]
    [MemberData(nameof(Services))]
    public async Task A_service_starts_without_its_dependencies_and_becomes_healthy_when_they_come(string name)
    {
        var service = new[] { Service.Identity, Service.Wallet, Service.Profile, Service.Jobs, Service.Chat }.Single(service => service.Name == name);
        using var postgres = await PostgresServer.StartPrivateAsync();
        await using var database = await TestDatabase.CreateAsync(service, postgres);
        await postgres.StopAsync();
        await using var process = await ServiceProcess.StartAsync(
            service,
            new Dictionary<string, string?>
            {
                [service.ConnectionStringKey] = database.ConnectionString,
                ["ConnectionStrings:messaging"] = "amqp://nobody:nobody@127.0.0.1:9/",
                [Service.Identity.AddressKey] = "http://127.0.0.1:9",
                ["Storage:Folder"] = Path.GetTempPath(),
                ["Mail:PickupDirectory"] = Path.GetTempPath(),
            },
            readiness: "/alive");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await process.Client.GetAsync("/health")).StatusCode);

        await postgres.StartAsync();

        await Eventually.TrueAsync(
            async () => (await process.Client.GetAsync("/health")).StatusCode == HttpStatusCode.OK, TimeSpan.FromSeconds(20));
        var health = await process.Client.GetObjectAsync("/health");
        Assert.Equal("healthy", (string?)health["checks"]!["database"]);
        Assert.Equal("degraded", (string?)health["checks"]!["broker"]);
    }
}
