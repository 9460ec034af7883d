using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Explaino.Client;

/// <summary>Conversations as they happen: the hub while it can be reached, syncs that wait while it cannot, and a sync at each return (docs/chat-protocol.md).</summary>
public sealed class Chat : IAsyncDisposable
{
    /// <summary>How often it is looked whether the connection, the token or the store need something.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    /// <summary>Seconds that a sync waits for news where there is no hub; between two of them the hub is tried again.</summary>
    private const int LongPoll = 5;

    private readonly HubConnection _hub;
    private readonly Session _session;
    private readonly ExplainoApi _api;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _syncing = new(1);
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private volatile bool _isBehind;
    private volatile bool _isReplaced;

    internal Chat(Uri gateway, Session session, ExplainoApi api, TimeProvider clock)
    {
        (_session, _api, _clock) = (session, api, clock);
        var builder = new HubConnectionBuilder()
            .WithUrl(new Uri(gateway, "/hubs/chat?lean=true"), HttpTransportType.WebSockets, hub =>
            {
                hub.SkipNegotiation = true;
                hub.AccessTokenProvider = () => session.AccessTokenAsync(_stop.Token);
            })
            .WithAutomaticReconnect(new GrowingPauses());
        builder.Services.Configure<JsonHubProtocolOptions>(hub => hub.PayloadSerializerOptions = ExplainoApi.Json);
        _hub = builder.Build();
        Listen();
        session.Changed += Renew;
    }

    /// <summary>A message was sent, edited or deleted.</summary>
    public event Action<MessageResponse>? Heard;

    public event Action<Typing>? Typed;

    public event Action<Presence>? CameOrWent;

    public ChatStore Store { get; } = new();

    public bool IsConnected => _hub.State == HubConnectionState.Connected;

    /// <summary>Connects, fetches what was missed, and goes on until it is disposed of. Done when the store is the server's for the first time.</summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        _running = RunAsync(_stop.Token);
        await SyncAsync(cancellationToken);
    }

    /// <summary>Says it once, however often it must be sent: by the hub, else by HTTP.</summary>
    public async Task<MessageResponse> SendAsync(Conversation conversation, string content, CancellationToken cancellationToken = default)
    {
        var message = new SendMessageRequest { Content = content };
        try
        {
            if (IsConnected)
            {
                var (chat, group) = (conversation.IsGroup ? (Guid?)null : conversation.Id, conversation.IsGroup ? conversation.Id : (Guid?)null);
                return await _hub.InvokeAsync<MessageResponse>("SendMessage", new HubMessage(chat, group, content, message.Client_message_id), cancellationToken);
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && !IsRefusal(e))
        {
            // Whether it was said is not known, and saying it again does no harm.
        }

        return await (conversation.IsGroup
            ? _api.SendMessageToGroupAsync(conversation.Id, message, cancellationToken)
            : _api.SendMessageToChatAsync(conversation.Id, message, cancellationToken));
    }

    /// <summary>Tells the others; to be repeated at most every two seconds.</summary>
    public Task TypeAsync(Conversation conversation, CancellationToken cancellationToken = default) => IsConnected
        ? _hub.SendAsync("Typing", conversation.IsGroup ? new Named(null, conversation.Id) : new Named(conversation.Id, null), cancellationToken)
        : Task.CompletedTask;

    /// <summary>Makes the store the server's.</summary>
    public async Task SyncAsync(CancellationToken cancellationToken = default)
    {
        await _syncing.WaitAsync(cancellationToken);
        try
        {
            while (await SyncOnceAsync(wait: 0, cancellationToken))
            {
                // Something is left: what is known now is more than before.
            }
        }
        finally
        {
            _syncing.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _session.Changed -= Renew;
        await _stop.CancelAsync();
        await _running;
        await _hub.DisposeAsync();
        _stop.Dispose();
        _syncing.Dispose();
    }

    private void Listen()
    {
        foreach (var name in (string[])["MessageReceived", "MessageUpdated", "MessageDeleted"])
        {
            _hub.On<MessageResponse>(name, Hear);
        }

        _hub.On<ConversationRead>("ConversationRead", Store.Take);
        _hub.On<UnreadResponse>("UnreadChanged", Store.Take);
        _hub.On<GroupNamed>("RemovedFromGroup", group => Store.Leave(group.GroupId));
        _hub.On<GroupNamed>("GroupChanged", _ => _isBehind = true);
        _hub.On<Typing>("Typing", typing => Typed?.Invoke(typing));
        _hub.On<Presence>("PresenceChanged", presence => CameOrWent?.Invoke(presence));
        _hub.Reconnected += _ => CatchUpAsync();

        // Without an end to its tries, it closes only where the server said to stay away.
        _hub.Closed += _ =>
        {
            _isReplaced = true;
            return Task.CompletedTask;
        };
    }

    private void Hear(MessageResponse message)
    {
        _isBehind |= !Store.Take(message);
        Heard?.Invoke(message);
    }

    /// <summary>The connection lives on with the newer token.</summary>
    private void Renew(Tokens? tokens)
    {
        if (tokens is not null && IsConnected)
        {
            // What comes of it is seen by the connection: it ends with the former token, and begins anew.
            _ = _hub.SendAsync("Renew", tokens.AccessToken, _stop.Token);
        }
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested && !_isReplaced)
        {
            try
            {
                await LookAfterAsync(stopping);
            }
            catch (Exception)
            {
                // Away, however that is said: tried again at the next beat, unless it is the end.
            }

            await Task.Delay(Beat, _clock, stopping).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private async Task LookAfterAsync(CancellationToken stopping)
    {
        // One that is nearly over is renewed, and with it the connection.
        await _session.AccessTokenAsync(stopping);
        if (_hub.State == HubConnectionState.Disconnected)
        {
            await _hub.StartAsync(stopping);
            await CatchUpAsync();
        }
        else if (_isBehind)
        {
            await CatchUpAsync();
        }
        else if (!IsConnected)
        {
            await SyncOnceAsync(LongPoll, stopping);
        }
    }

    private async Task CatchUpAsync()
    {
        _isBehind = false;
        try
        {
            await SyncAsync(_stop.Token);
        }
        catch
        {
            _isBehind = true;
            throw;
        }
    }

    private async Task<bool> SyncOnceAsync(int wait, CancellationToken cancellationToken)
    {
        var known = Store.Known();
        var answer = await _api.SyncAsync(new SyncRequest { Known = known, Wait = wait }, cancellationToken);
        Store.Take(answer, known);
        return answer.More;
    }

    /// <summary>Every word but two is an answer, and stays one (docs/chat-protocol.md).</summary>
    private static bool IsRefusal(Exception e) =>
        e is HubException && !e.Message.Contains("rate_limited:", StringComparison.Ordinal) && !e.Message.Contains("unavailable:", StringComparison.Ordinal);

    /// <summary>For ever: 0.2 s, 0.4 s, and so on up to 15 s, each with a part by chance, so that not all come back at once.</summary>
    private sealed class GrowingPauses : IRetryPolicy
    {
        public TimeSpan? NextRetryDelay(RetryContext retryContext) =>
            TimeSpan.FromMilliseconds(Math.Min(15_000, 200 * Math.Pow(2, Math.Min(10, retryContext.PreviousRetryCount))) * (0.5 + (Random.Shared.NextDouble() / 2)));
    }
}
