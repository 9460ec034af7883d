using System.Diagnostics;
using System.Net.Http.Json;
using Explaino.Testing;

namespace Explaino.Security.Tests.Hub;

/// <summary>Two who only want to talk while others attack: one says something by REST, the other hears it by the hub.</summary>
internal sealed class Friends : IAsyncDisposable
{
    private readonly Member _speaker;
    private readonly string _chat;
    private readonly HubClient _listener;
    private readonly SemaphoreSlim _turn = new(1, 1);

    private Friends(Member speaker, string chat, HubClient listener)
    {
        _speaker = speaker;
        _chat = chat;
        _listener = listener;
    }

    public int Talks { get; private set; }

    public TimeSpan Slowest { get; private set; }

    public static async Task<Friends> MeetAsync(SecuritySystem system)
    {
        var (speaker, listener) = (await system.RegisterAsync(), await system.RegisterAsync());
        using var started = await Eventually.GetAsync(
            async () => await speaker.Client.PostAsJsonAsync("/api/chats", new { user_id = listener.Id }) is { IsSuccessStatusCode: true } response ? response : null,
            TimeSpan.FromSeconds(20));
        var chat = (string)(await started.ReadObjectAsync(System.Net.HttpStatusCode.Created))["id"]!;
        return new Friends(speaker, chat, await HubClient.ConnectAsync(system.Gateway.BaseAddress!, listener.AccessToken()));
    }

    /// <summary>One message, until it has arrived.</summary>
    public async Task TalkAsync()
    {
        await _turn.WaitAsync();
        try
        {
            var (words, said) = ($"talk {Guid.CreateVersion7()}", Stopwatch.GetTimestamp());
            using var sent = await _speaker.Client.PostAsJsonAsync($"/api/chats/{_chat}/messages", new { content = words });
            sent.EnsureSuccessStatusCode();
            await _listener.ExpectAsync("MessageReceived", message => (string?)message["content"] == words, TimeSpan.FromSeconds(30));
            Talks++;
            Slowest = TimeSpan.FromTicks(Math.Max(Slowest.Ticks, Stopwatch.GetElapsedTime(said).Ticks));
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        _turn.Dispose();
    }
}
