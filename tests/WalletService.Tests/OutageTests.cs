using System.Net;
using Explaino.Testing;

namespace Explaino.WalletService.Tests;

/// <summary>Servers that come late, go away and come back.</summary>
public sealed class OutageTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task No_start_order_is_needed_and_nothing_is_lost()
    {
        using var postgres = await PostgresServer.StartPrivateAsync();
        using var rabbitMq = await RabbitMqServer.StartPrivateAsync();
        await using var environment = await ServiceEnvironment.CreateAsync(Service.Wallet, postgres, rabbitMq);
        await postgres.StopAsync();
        await rabbitMq.StopAsync();
        await using var host = WalletHost.In(environment);
        await host.InitializeAsync();
        using var client = host.Anonymous();

        // Neither is there.
        using var alive = await client.GetAsync("/alive");
        using var unhealthy = await client.GetAsync("/health");
        using var unavailable = await host.As(TestUser.New()).GetAsync("/api/wallet");
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, unhealthy.StatusCode);
        await unavailable.IsProblemAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
        Assert.NotNull(unavailable.Headers.RetryAfter);

        // The database comes: HTTP works, the broker is only reported.
        await postgres.StartAsync();
        await Eventually.TrueAsync(async () => (await client.GetAsync("/health")).StatusCode == HttpStatusCode.OK, Timeout);
        Assert.Null(await host.BalanceAsync(TestUser.New()));
        Assert.NotEqual("healthy", await BrokerAsync(client));

        // The broker comes: events are consumed.
        await rabbitMq.StartAsync();
        await Eventually.TrueAsync(async () => await BrokerAsync(client) == "healthy", Timeout);
        var member = await host.NewMemberAsync(points: 10);

        // The database goes while events arrive: they wait.
        var late = TestUser.New();
        await postgres.StopAsync();
        await host.PublishUserCreatedAsync(late.Id);
        await host.PublishPointsAwardedAsync(member.Id, 5);
        using var meanwhile = await host.TransferAsync(member, late.Id, 1);
        await meanwhile.IsProblemAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
        await postgres.StartAsync();

        await Eventually.TrueAsync(async () => await TryBalanceAsync(host, late) == 0, Timeout);
        await Eventually.TrueAsync(async () => await TryBalanceAsync(host, member) == 15, Timeout);
        await host.VerifyAsync();
    }

    private static async Task<string?> BrokerAsync(HttpClient client) =>
        (string?)(await client.GetObjectAsync("/health"))["checks"]!["broker"];

    /// <summary>Null also while the service finds its way back to the database.</summary>
    private static async Task<int?> TryBalanceAsync(WalletHost host, TestUser user)
    {
        using var response = await host.As(user).GetAsync("/api/wallet");
        return response.IsSuccessStatusCode ? (int?)(await response.ReadObjectAsync())["balance"] : null;
    }
}
