using System.Diagnostics;
using System.Net.Http.Json;
using Explaino.Testing;
using Npgsql;

namespace Explaino.ChatService.Tests;

/// <summary>Leases of pushes: what an instance has in hand and does not finish is given back at once, and does not wait for the lease's end.</summary>
public sealed class PushLeaseTests : IAsyncLifetime
{
    // Of the lease's 30 s, with room for a busy machine.
    private static readonly TimeSpan BeforeItEnds = TimeSpan.FromSeconds(25);

    private FakeProviders _providers = null!;
    private ServiceEnvironment _environment = null!;
    private ServiceHost<Program> _host = null!;

    public async ValueTask InitializeAsync()
    {
        _providers = await FakeProviders.StartAsync();
        _environment = await ServiceEnvironment.CreateAsync(Service.Chat);
        _host = new(_environment, _providers.Settings);
        await _host.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _environment.DisposeAsync();
        await _providers.DisposeAsync();
    }

    [Fact]
    public async Task What_an_instance_that_stops_has_in_hand_is_sent_by_another_at_once()
    {
        _providers.Silent["fcm"] = true;
        var token = await SayAsync();
        await Eventually.TrueAsync(() => _providers.Waiting > 0);
        var leased = Stopwatch.GetTimestamp();

        await _host.DisposeAsync();

        _providers.Silent.Clear();
        await using var other = new ServiceHost<Program>(_environment, _providers.Settings);
        await other.InitializeAsync();
        await Eventually.TrueAsync(() => _providers.Taken.Any(taken => taken.Token == token));
        Assert.InRange(Stopwatch.GetElapsedTime(leased), TimeSpan.Zero, BeforeItEnds);
    }

    [Fact]
    public async Task What_could_not_be_written_because_the_database_failed_is_sent_as_soon_as_it_is_back()
    {
        _providers.Away["fcm"] = true;
        var token = await SayAsync();
        await using var database = NpgsqlDataSource.Create(_environment.Database.SuperuserConnectionString);
        await using var holding = await database.OpenConnectionAsync();
        await using var looking = await database.OpenConnectionAsync();
        await Eventually.TrueAsync(async () => await ReadAsync(looking, "SELECT count(*) FROM pushes WHERE attempts > 0") == 1);
        await using (await holding.BeginTransactionAsync())
        {
            await ReadAsync(holding, "LOCK TABLE devices");
            await Eventually.TrueAsync(async () => await ReadAsync(
                looking, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'SELECT push.device_id%' AND wait_event_type = 'Lock'") == 1);
        }

        var failed = Stopwatch.GetTimestamp();
        _providers.Away.Clear();
        await Eventually.TrueAsync(() => _providers.Taken.Any(taken => taken.Token == token));
        Assert.InRange(Stopwatch.GetElapsedTime(failed), TimeSpan.Zero, BeforeItEnds);
    }

    /// <returns>The token of the one who is told.</returns>
    private async Task<string> SayAsync()
    {
        var (ada, bob) = (TestUser.New("ada.lovelace"), TestUser.New("bob.babbage"));
        foreach (var person in new[] { ada, bob })
        {
            await _environment.PublishCreatedAsync(person);
        }

        using var asAda = _host.As(ada);
        using var asBob = _host.As(bob);
        await Eventually.TrueAsync(async () => (await asAda.PostAsJsonAsync("/api/chats", new { user_id = bob.Id })).IsSuccessStatusCode);
        var token = $"fcm-{Guid.CreateVersion7()}";
        using var registered = await asBob.PutAsJsonAsync($"/api/devices/{Guid.CreateVersion7()}", new { platform = "android", provider = "fcm", token });
        registered.EnsureSuccessStatusCode();
        await asAda.SayAsync($"chats/{await asAda.StartChatAsync(bob)}", "Are you there?");
        return token;
    }

    private static async Task<long> ReadAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync() as long? ?? 0;
    }
}
