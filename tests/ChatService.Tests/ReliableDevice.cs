using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

/// <summary>
/// The documented client: connect; fetch what was missed; take what comes, dropping what it has. It never asks again while connected: what it is told must be whole.
/// </summary>
internal sealed class ReliableDevice(string token, Uri[] instances, int first, string conversation, long? dropsSeq, CancellationToken over)
{
    private readonly HttpClient _rest = new() { DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
    private readonly CancellationTokenSource _stopping = CancellationTokenSource.CreateLinkedTokenSource(over);
    private readonly TaskCompletionSource _started = new();
    private Task _living = Task.CompletedTask;
    private HubClient? _hub;

    public string Conversation { get; } = conversation;

    public List<SaidMessage> Got { get; } = [];

    public long LastSeq { get; private set; }

    public int Reconnects { get; private set; }

    public int CaughtUp { get; private set; }

    /// <summary>What the hub said twice, or out of order, on one connection.</summary>
    public string? Disorder { get; private set; }

    public Task StartAsync()
    {
        _living = LiveAsync();
        return _started.Task;
    }

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        if (_hub is not null)
        {
            await _hub.DisposeAsync();
        }

        await _living;
        _rest.Dispose();
    }

    private async Task LiveAsync()
    {
        for (var at = first; !_stopping.IsCancellationRequested; at++)
        {
            try
            {
                _hub = await HubClient.ConnectAsync(instances[at % 2], token);
                foreach (var message in await MissedAsync(_rest, instances[at % 2], Conversation, Got is [.., var last] ? last.Id : Guid.Empty))
                {
                    Take(message);
                    CaughtUp++;
                }

                _started.TrySetResult();
                await ListenAsync(_hub);
            }
            catch (Exception e) when (e is HttpRequestException or WebSocketException or IOException or TaskCanceledException)
            {
                await Task.Delay(100);
            }

            Reconnects++;
        }
    }

    private async Task ListenAsync(HubClient hub)
    {
        long told = 0;
        await foreach (var (target, message) in hub.AllAsync())
        {
            if (target == "MessageReceived")
            {
                var seq = (long)message["seq"]!;
                Disorder ??= told > 0 && seq != told + 1 ? $"{seq} after {told}" : null;
                told = seq;
                Take(message);
            }
        }
    }

    private void Take(JsonObject message)
    {
        var said = SaidMessage.Of(message);
        if (said.Seq <= LastSeq)
        {
            return;
        }

        LastSeq = said.Seq;
        if (said.Seq != dropsSeq)
        {
            Got.Add(said);
        }
    }

    public static async Task<List<JsonObject>> MissedAsync(HttpClient client, Uri instance, string conversation, Guid after)
    {
        var missed = new List<JsonObject>();
        string? cursor = null;
        do
        {
            var part = cursor is null ? $"after={after}" : $"cursor={cursor}";
            var page = JsonNode.Parse(await client.GetStringAsync(new Uri(instance, $"/api/{conversation}/messages?limit=100&{part}")))!;
            missed.AddRange(page["items"]!.AsArray().Select(item => item!.AsObject()));
            cursor = (string?)page["next_cursor"];
        }
        while (cursor is not null);
        return missed;
    }
}

internal sealed record SaidMessage(long Seq, Guid Id, Guid ClientMessageId, string Content)
{
    public static SaidMessage Of(JsonObject message) =>
        new((long)message["seq"]!, (Guid)message["id"]!, (Guid)message["client_message_id"]!, (string)message["content"]!);
}
