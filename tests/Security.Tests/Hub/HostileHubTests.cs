using Explaino.Testing;

namespace Explaino.Security.Tests.Hub;

/// <summary>The hub under raw WebSocket frames that no client would send: it lives on, tells nothing of itself, and serves the others.</summary>
public sealed class HostileHubTests(SecuritySystem system)
{
    private const int Seed = 20261123;

    [Fact]
    public async Task Hostile_messages_neither_end_the_service_nor_make_it_talk()
    {
        var count = Scale.Of(test: 1_000, shortRun: 3_000, longRun: 10_000);
        var attacker = await system.RegisterAsync();
        await using var friends = await Friends.MeetAsync(system);
        var process = system[Service.Chat].Id;
        var (sent, told) = (0, new System.Collections.Concurrent.ConcurrentBag<string>());

        await Parallel.ForEachAsync(Enumerable.Range(0, count / 5), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (number, _) =>
        {
            var random = new Random(unchecked((Seed * 31) + number));
            using var connection = await OpenAsync(attacker.AccessToken());
            await connection.SendAsync(Frames.Of(number % 10 == 0 ? HostileMessages.Handshakes[random.Next(HostileMessages.Handshakes.Length)] : HostileMessages.Handshake));
            for (var message = 0; message < 5; message++)
            {
                await connection.TrySendAsync(HostileMessages.Make(random));
                Interlocked.Increment(ref sent);
            }

            // A goodbye that is always understood, so that nobody waits.
            await connection.TrySendAsync(Frames.Of(8, [0x03, 0xE8]));
            told.Add((await connection.ReadAsync(TimeSpan.FromSeconds(1))).Text);
            if (number % 20 == 0)
            {
                await friends.TalkAsync();
            }
        });

        Assert.Empty(told.SelectMany(LeaksIn));
        Assert.Contains(told, text => text.Contains("\"error\"", StringComparison.Ordinal));
        Assert.Equal(process, system[Service.Chat].Id);
        Assert.DoesNotContain("Unhandled exception", system[Service.Chat].Log, StringComparison.Ordinal);
        Assert.Equal(200, (int)(await system[Service.Chat].Client.GetAsync("/health")).StatusCode);
        Figures.Record("Hub", "hostile messages, frames and handshakes", $"{sent}; crashes, leaks: 0");
        Figures.Record("Hub", "others' messages meanwhile, sent to received", $"{friends.Talks}, slowest {friends.Slowest.TotalMilliseconds:F0} ms");
    }

    [Fact]
    public void Seeded_an_error_that_names_its_class_is_noticed() =>
        Assert.NotEmpty(LeaksIn("""{"type":3,"invocationId":"1","error":"InvalidOperationException: Npgsql.NpgsqlConnection is busy"}"""));

    [Fact]
    public void Seeded_an_error_that_names_a_file_of_the_machine_is_noticed() =>
        Assert.NotEmpty(LeaksIn($$"""{"type":3,"invocationId":"1","error":"HubException: {{Repository.PathTo("README.md")}} is not there"}"""));

    private async Task<BareConnection> OpenAsync(string token)
    {
        var connection = await BareConnection.ConnectAsync(system.Gateway.BaseAddress!);
        await connection.SendAsync(
            $"GET /hubs/chat?access_token={token} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 101", await connection.ReadUntilAsync("\r\n\r\n"), StringComparison.Ordinal);
        return connection;
    }

    // That is how SignalR's protocol introduces a refusal of ours.
    private static IEnumerable<string> LeaksIn(string text) => Leaks.In(text.Replace("HubException:", "", StringComparison.Ordinal));
}
