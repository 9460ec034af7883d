using System.Net;
using Explaino.Testing;
using Npgsql;

namespace Explaino.WalletService.Tests;

/// <summary>Servers that come late, go away and come back, as far as the service can tell: each at the end of a <see cref="Wire"/>.</summary>
public sealed class OutageTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task No_start_order_is_needed_and_nothing_is_lost()
    {
        await using var environment = await ServiceEnvironment.CreateAsync(Service.Wallet);
        var connection = new NpgsqlConnectionStringBuilder(environment.Database.ConnectionString);
        var address = new UriBuilder(environment.Broker.ConnectionString);
        using var postgres = new Wire(connection.Host!, connection.Port);
        using var rabbitMq = new Wire(address.Host, address.Port);
        postgres.TakeAway();
        rabbitMq.TakeAway();
        (connection.Port, address.Port) = (postgres.Port, rabbitMq.Port);
        await using var host = WalletHost.In(environment, settings: new Dictionary<string, string?>
        {
            [Service.Wallet.ConnectionStringKey] = connection.ConnectionString,
            ["ConnectionStrings:messaging"] = address.Uri.AbsoluteUri,
        });
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
        postgres.BringBack();
        await Eventually.TrueAsync(async () => (await client.GetAsync("/health")).StatusCode == HttpStatusCode.OK, Timeout);
        Assert.Null(await host.BalanceAsync(TestUser.New()));
        Assert.NotEqual("healthy", await BrokerAsync(client));

        // The broker comes: events are consumed.
        rabbitMq.BringBack();
        await Eventually.TrueAsync(async () => await BrokerAsync(client) == "healthy", Timeout);
        var member = await host.NewMemberAsync(points: 10);

        // The database goes while events arrive: they wait.
        var late = TestUser.New();
        postgres.TakeAway();
        await host.PublishUserCreatedAsync(late.Id);
        await host.PublishPointsAwardedAsync(member.Id, 5);
        using var meanwhile = await host.TransferAsync(member, late.Id, 1);
        await meanwhile.IsProblemAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
        postgres.BringBack();

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
