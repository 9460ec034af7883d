using System.Security.Claims;
using System.Threading.Channels;
using Explaino.ChatService.Groups;
using Explaino.ChatService.Messages;
using Explaino.ChatService.Notifications;
using Explaino.ChatService.Presence;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.SignalR;

namespace Explaino.ChatService.Hub;

/// <summary>One device of one user: the line to it, while <see cref="OrderedDelivery"/> and <see cref="PresenceDelivery"/> know what it has been given.</summary>
/// <remarks>
/// 1. Notifications are put into a bounded mailbox, by anyone and without waiting; a device that does not keep up is cut, and catches up when it comes back.
/// 2. One loop takes them out and has each delivered, again and again while the database is away.
/// </remarks>
internal sealed class Connection
{
    /// <summary>How long the transport waits for a device to take what is sent to it, before it ends the connection.</summary>
    public static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(10);

    private const int MailboxSize = 1_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly Channel<Notification> _mailbox =
        Channel.CreateBounded<Notification>(new BoundedChannelOptions(MailboxSize) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly HubCallerContext _context;
    private readonly UnreadAnnouncer _unread;
    private readonly ChatMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private long _expiresAt;
    private int _isCut;
    private long? _stalledUntil;
    private volatile bool _hasVerifiedEmail;

    public Connection(
        HubCallerContext context, IChatClient client, HubHandshake.Start start, MessageStatements messages, GroupStatements groups, PresenceStatements presence,
        UnreadAnnouncer unread, ChatMetrics metrics, TimeProvider clock, ILogger logger)
    {
        (_context, _unread, _metrics, _clock, _logger) = (context, unread, metrics, clock, logger);
        (Id, UserId, SessionId, Client) = (start.ConnectionId, context.User!.Id(), context.User!.SessionId(), client);
        Renew(context.User!);
        Delivery = new(this, start.Heads, messages, groups, metrics, clock);
        Presence = new(this, presence);
        Unread = new(this);
        IsLean = start.IsLean;
    }

    /// <summary>In the <see cref="ConnectionRegistry"/>.</summary>
    public Guid Id { get; }

    public Guid UserId { get; }

    public Guid SessionId { get; }

    public IChatClient Client { get; }

    public OrderedDelivery Delivery { get; }

    public PresenceDelivery Presence { get; }

    public UnreadDelivery Unread { get; }

    /// <summary>The client asked for groups in few words.</summary>
    public bool IsLean { get; }

    public CancellationToken Closed => _context.ConnectionAborted;

    public DateTimeOffset ExpiresAt => DateTimeOffset.FromUnixTimeSeconds(Interlocked.Read(ref _expiresAt));

    /// <summary>As the latest token says.</summary>
    public bool HasVerifiedEmail => _hasVerifiedEmail;

    public void Renew(ClaimsPrincipal user)
    {
        Interlocked.Exchange(ref _expiresAt, long.Parse(user.FindFirstValue("exp")!));
        _hasVerifiedEmail = user.HasVerifiedEmail();
    }

    /// <summary>Never waits.</summary>
    public void Send(Notification notification)
    {
        if (!_mailbox.Writer.TryWrite(notification) && !Closed.IsCancellationRequested)
        {
            CountCut();
            _context.Features.Get<IConnectionLifetimeFeature>()?.Abort();
        }
    }

    /// <summary>Ends it for good: the client is told not to come back by itself.</summary>
    public void Close() => _context.Abort();

    /// <summary>Ends it in such a way that the client comes back, with a new token.</summary>
    public void Expire() => _context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();

    public async Task RunAsync()
    {
        try
        {
            while (true)
            {
                var notification = await _mailbox.Reader.ReadAsync(Closed);
                if (notification.ChangesUnread(UserId))
                {
                    _unread.MarkStale(UserId);
                }

                while (!await TryDeliverAsync(notification))
                {
                    await Task.Delay(Pause, _clock, Closed);
                }
            }
        }
        catch (OperationCanceledException) when (Closed.IsCancellationRequested)
        {
            // The device went away.
        }
        catch (Exception e)
        {
            _logger.LogError(e, "A connection failed and was cut");
            _context.Features.Get<IConnectionLifetimeFeature>()?.Abort();
        }

        // The transport, which had begun to wait for the device before a delivery did, has ended the connection; it lets the delivery go on before it says so.
        if (Closed.IsCancellationRequested && _stalledUntil is { } stalled && _clock.GetElapsedTime(stalled) < SendTimeout / 2)
        {
            CountCut();
        }
    }

    private async Task<bool> TryDeliverAsync(Notification notification)
    {
        var started = _clock.GetTimestamp();
        try
        {
            await this.DeliverAsync(notification);
            return true;
        }
        catch (Exception e) when (TransientFailure.Is(e))
        {
            return false;
        }
        finally
        {
            if (_clock.GetElapsedTime(started) > SendTimeout / 2)
            {
                _stalledUntil = _clock.GetTimestamp();
            }
        }
    }

    private void CountCut()
    {
        if (Interlocked.Exchange(ref _isCut, 1) == 0)
        {
            _logger.LogInformation("A connection that did not keep up was cut");
            _metrics.ConnectionsCut.Add(1);
        }
    }
}
