using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using Explaino.Testing;

namespace Explaino.Security.Tests.Hub;

/// <summary>Two who only want to talk while others attack: one says something by REST, the other hears it by the hub.</summary>
internal sealed class Friends : IAsyncDisposable
{
    private readonly Member _speaker;
    private readonly string _chat;
    private readonly ClientWebSocket _listener = new();
    private readonly SemaphoreSlim _turn = new(1, 1);

    private Friends(Member speaker, string chat)
    {
        _speaker = speaker;
        _chat = chat;
    }

    public int Talks { get; private set; }

    public TimeSpan Slowest { get; private set; }

    public static async Task<Friends> MeetAsync(SecuritySystem system)
    {
        var (speaker, listener) = (await system.RegisterAsync(), await system.RegisterAsync());
        using var started = await Eventually.GetAsync(
            async () => await speaker.Client.PostAsJsonAsync("/api/chats", new { user_id = listener.Id }) is { IsSuccessStatusCode: true } response ? response : null,
            TimeSpan.FromSeconds(20));
        var friends = new Friends(speaker, (string)(await started.ReadObjectAsync(System.Net.HttpStatusCode.Created))["id"]!);
        var hub = new UriBuilder(new Uri(system.Gateway.BaseAddress!, $"/hubs/chat?access_token={listener.AccessToken()}")) { Scheme = "ws" };
        await friends._listener.ConnectAsync(hub.Uri, CancellationToken.None);
        await friends._listener.SendAsync(Encoding.UTF8.GetBytes(HostileMessages.Handshake), WebSocketMessageType.Text, true, CancellationToken.None);
        return friends;
    }

    /// <summary>One message, until it has arrived.</summary>
    public async Task TalkAsync()
    {
        await _turn.WaitAsync();
        try
        {
            // Who says nothing for half a minute is taken for gone.
            await _listener.SendAsync("{\"type\":6}\u001e"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
            var (words, said) = ($"talk {Guid.CreateVersion7()}", Stopwatch.GetTimestamp());
            using var sent = await _speaker.Client.PostAsJsonAsync($"/api/chats/{_chat}/messages", new { content = words });
            sent.EnsureSuccessStatusCode();
            await HearAsync(words);
            Talks++;
            Slowest = TimeSpan.FromTicks(Math.Max(Slowest.Ticks, Stopwatch.GetElapsedTime(said).Ticks));
        }
        finally
        {
            _turn.Release();
        }
    }

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        _turn.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task HearAsync(string words)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var (heard, buffer) = (new StringBuilder(), new byte[8 * 1024]);
        while (!heard.ToString().Contains(words, StringComparison.Ordinal))
        {
            var part = await _listener.ReceiveAsync(buffer, limit.Token);
            Assert.NotEqual(WebSocketMessageType.Close, part.MessageType);
            heard.Append(Encoding.UTF8.GetString(buffer, 0, part.Count));
        }
    }
}
