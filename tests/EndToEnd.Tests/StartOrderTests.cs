using System.Net;
using Explaino.Testing;

namespace Explaino.EndToEnd.Tests;

/// <summary>No service needs another one, its database or the broker to be there first.</summary>
public sealed class StartOrderTests
{
    [Fact]
    public async Task Every_service_starts_without_its_dependencies_and_becomes_healthy_when_they_come()
    {
        using var postgres = await PostgresServer.StartPrivateAsync();
        var services = Service.WithDatabase;
        var databases = new List<TestDatabase>();
        foreach (var service in services)
        {
            databases.Add(await TestDatabase.CreateAsync(service, postgres));
        }

        await postgres.StopAsync();
        var processes = await Task.WhenAll(services.Zip(databases, StartAloneAsync));
        try
        {
            foreach (var process in processes)
            {
                Assert.Equal(HttpStatusCode.ServiceUnavailable, (await process.Client.GetAsync("/health")).StatusCode);
            }

            await postgres.StartAsync();

            foreach (var process in processes)
            {
                await Eventually.TrueAsync(
                    async () => (await process.Client.GetAsync("/health")).StatusCode == HttpStatusCode.OK, TimeSpan.FromSeconds(30));
                var health = await process.Client.GetObjectAsync("/health");
                Assert.Equal("healthy", (string?)health["checks"]!["database"]);
                Assert.Equal("degraded", (string?)health["checks"]!["broker"]);
            }
        }
        finally
        {
            await Task.WhenAll(processes.Select(process => process.DisposeAsync().AsTask()));
        }
    }

    private static Task<ServiceProcess> StartAloneAsync(Service service, TestDatabase database) => ServiceProcess.StartAsync(
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
}
