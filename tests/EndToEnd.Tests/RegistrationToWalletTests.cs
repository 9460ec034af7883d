using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Explaino.Testing;

namespace Explaino.EndToEnd.Tests;

/// <summary>The main job: a registration becomes a wallet, and points are spent, through the gateway.</summary>
[Collection(OneSystem.Name)]
public sealed class RegistrationToWalletTests(AppHostSystem system, ITestOutputHelper output)
{
    private static int _number;

    private Member? _admin;

    [Fact]
    public async Task A_new_user_gets_a_wallet_and_spends_points()
    {
        var ada = await system.RegisterAsync();
        var grace = await system.RegisterAsync();
        var admin = await system.SignInAsAdminAsync();
        Assert.Equal(0, (int?)(await ada.WalletAsync())["balance"]);
        await grace.WalletAsync();

        using var award = await admin.PostAsync($"/api/wallets/{ada.Id}/awards", new { amount = 100, reason = "Welcome" });
        using var transfer = await ada.PostAsync("/api/wallet/transfers", new { to_user_id = grace.Id, amount = 30 });

        Assert.Equal(HttpStatusCode.Created, award.StatusCode);
        Assert.Equal(70, (int?)(await transfer.ReadObjectAsync(HttpStatusCode.Created))["balance_after"]);
        Assert.Equal(30, (int?)(await grace.WalletAsync())["balance"]);
    }

    // Their events were published before anybody else's queue was there.
    [Fact]
    public async Task The_first_admin_has_a_wallet_and_can_be_written_to_like_everybody_else()
    {
        var (ada, admin) = (await system.RegisterAsync(), await system.SignInAsAdminAsync());

        await admin.WalletAsync();

        var id = (Guid)(await admin.Client.GetObjectAsync("/api/users/me"))["id"]!;
        using var chat = await Eventually.GetAsync(async () => await ada.PostAsync("/api/chats", new { user_id = id }) is { IsSuccessStatusCode: true } started ? started : null);
        Assert.Equal("administrator", (string?)(await chat.ReadObjectAsync(HttpStatusCode.Created))["peer"]!["username"]);
    }

    [Fact]
    public async Task The_wallet_is_visible_at_once_for_a_person()
    {
        await (await system.RegisterAsync()).WalletAsync(); // the first one pays for compilation and connections
        var waits = new List<double>();
        for (var i = 0; i < 60; i++)
        {
            waits.Add(await MeasureAsync());
        }

        waits.Sort();
        var (median, high) = (waits[waits.Count / 2], waits[(int)(waits.Count * 0.99)]);
        output.WriteLine($"Wallet visible after the registration's answer: p50 {median:F1} ms, p99 {high:F1} ms of {waits.Count}.");
        TestContext.Current.SendDiagnosticMessage($"registration -> wallet: p50 {median:F1} ms, p99 {high:F1} ms");

        // Loose, for the other tests run beside it; `./dev bench` holds the figures against their targets.
        Assert.True(median < 150, $"p50 is {median:F1} ms");
        Assert.True(high < 1500, $"p99 is {high:F1} ms");
    }

    [Fact]
    public async Task A_logout_is_heard_by_every_service_within_five_seconds()
    {
        var ada = await system.RegisterAsync();
        await ada.WalletAsync();

        using var logout = await ada.Client.PostAsJsonAsync("/api/auth/logout", new { refresh_token = ada.RefreshToken });

        Assert.Equal(HttpStatusCode.NoContent, logout.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await ada.Client.GetAsync("/api/users/me")).StatusCode);
        foreach (var path in new[] { "/api/wallet", $"/api/profiles/{ada.Id}", "/api/jobs", "/api/chats" })
        {
            await Eventually.TrueAsync(
                async () => (await ada.Client.GetAsync(path)).StatusCode == HttpStatusCode.Unauthorized, TimeSpan.FromSeconds(5));
        }
    }

    [Fact]
    public async Task No_service_reaches_another_services_database()
    {
        var services = Service.WithDatabase;
        foreach (var (database, intruder) in services.SelectMany(_ => services, (database, intruder) => (database, intruder)).Where(pair => pair.database != pair.intruder))
        {
            await using var connection = new Npgsql.NpgsqlConnection(system.ConnectionString(database, intruder.Database));

            var refusal = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => connection.OpenAsync());

            Assert.Equal(Npgsql.PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
        }
    }

    // The clock starts with the answer of the registration; the wallet is asked for with an administrator's token, which is there already.
    private async Task<double> MeasureAsync()
    {
        var admin = _admin ??= await system.SignInAsAdminAsync();
        var name = $"quick{Interlocked.Increment(ref _number):D6}";
        using var registered = await system.Gateway.PostAsJsonAsync(
            "/api/auth/register", new { email = $"{name}@example.org", username = name, password = GatewayUsers.Password });
        var started = Stopwatch.GetTimestamp();
        var id = (string)(await registered.ReadObjectAsync(HttpStatusCode.Created))["id"]!;
        while (true)
        {
            using var response = await admin.Client.GetAsync($"/api/wallets/{id}");
            if (response.StatusCode == HttpStatusCode.OK)
            {
                return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }
        }
    }
}
