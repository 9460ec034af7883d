using System.Text.Json;
using System.Threading.Channels;
using Explaino.ChatService.Notifications;
using Explaino.ChatService.Presence;
using Explaino.ServiceData.Messaging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Explaino.ChatService.Hub;

/// <summary>RabbitMQ backplane: this instance's link to the others. Notifications go to those where one of the recipients listens.</summary>
/// <remarks>
/// 1. While the link holds, this instance's own queue is bound to the users who listen here; a notification is published once, with all its recipients as routing keys.
/// 2. Nothing here is durable, confirmed or waited for. What could not be published is dropped, and remembered as "something may be missing".
/// 3. When the link is back, this instance's listeners resync; when something of ours was dropped, everybody else's do too.
/// </remarks>
internal sealed class RabbitMqBackplane(
    Listeners listeners, ServiceInstance instance, ResyncRequests resyncs, BrokerAddress broker, ChatMetrics metrics, TimeProvider clock,
    ILogger<RabbitMqBackplane> logger)
    : BackgroundService, INotificationChannel
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan BindTimeout = TimeSpan.FromSeconds(2);

    private readonly Channel<BackplaneEnvelope> _outgoing = Channel.CreateBounded<BackplaneEnvelope>(new BoundedChannelOptions(10_000) { SingleReader = true });
    private readonly BackplaneSubscriptions _subscriptions = new(listeners);
    private volatile bool _isUp;

    /// <summary>What it signs its notifications with, to know them when they come back.</summary>
    private string Name => field ??= instance.Id.ToString();

    private ConnectionFactory Factory => field ??= NewFactory();

    public void Send(Notification notification, IReadOnlyCollection<Guid> userIds)
    {
        if (notification is PresenceResync)
        {
            return;
        }

        if (!_isUp || !_outgoing.Writer.TryWrite(new BackplaneEnvelope(userIds, notification)))
        {
            metrics.NoticesDropped.Add(1);
            resyncs.RequestElsewhere();
        }
    }

    /// <summary>To be called when a user begins to listen here, or no longer does: see <see cref="BackplaneSubscriptions"/>.</summary>
    public async Task FollowAsync(Guid userId)
    {
        using var limit = new CancellationTokenSource(BindTimeout, clock);
        try
        {
            await _subscriptions.FollowAsync(userId, limit.Token);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            logger.LogWarning(e, "A user's notifications could not be subscribed to");
            resyncs.RequestHere();
            resyncs.RequestElsewhere();
        }
    }

    public override void Dispose()
    {
        _subscriptions.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var passingOn = PassOnResyncsAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await HoldAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning(e, "No link to the other instances");
                await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        await passingOn.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private ConnectionFactory NewFactory()
    {
        var factory = broker.NewFactory($"chat notifications {Name}");

        // A link that came back by itself would hide that notices were lost.
        factory.AutomaticRecoveryEnabled = factory.TopologyRecoveryEnabled = false;
        return factory;
    }

    /// <summary>Links, and stays until the link is lost.</summary>
    private async Task HoldAsync(CancellationToken stoppingToken)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        await using var connection = await Factory.CreateConnectionAsync(stoppingToken);
        await using var incoming = await connection.CreateChannelAsync(cancellationToken: stoppingToken);
        await using var outgoing = await connection.CreateChannelAsync(cancellationToken: stoppingToken);
        connection.ConnectionShutdownAsync += (_, _) => lost.CancelAsync();
        incoming.ChannelShutdownAsync += (_, _) => lost.CancelAsync();
        outgoing.ChannelShutdownAsync += (_, _) => lost.CancelAsync();
        try
        {
            await ListenAsync(incoming, lost.Token);
            _isUp = true;
            resyncs.RequestHere();
            await PublishAsync(outgoing, lost.Token);
        }
        finally
        {
            // What was on its way may not have arrived.
            _isUp = false;
            resyncs.RequestElsewhere();
            await _subscriptions.EndAsync();
        }
    }

    private async Task ListenAsync(IChannel channel, CancellationToken cancellationToken)
    {
        var queue = await _subscriptions.BeginAsync(channel, cancellationToken);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            // Our own come back as well; our listeners have been told.
            if (delivery.BasicProperties.AppId != Name)
            {
                Receive(delivery.Body.Span);
            }

            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue, autoAck: true, consumer, cancellationToken);
    }

    private void Receive(ReadOnlySpan<byte> body)
    {
        try
        {
            var envelope = BackplaneEnvelope.Read(body);
            if (envelope.UserIds is { } userIds)
            {
                listeners.Send(envelope.Notification, userIds);
            }
            else
            {
                listeners.SendToAll(envelope.Notification);
            }
        }
        catch (JsonException)
        {
            // An instance of another version says something this one does not know.
            resyncs.RequestHere();
        }
    }

    private async Task PublishAsync(IChannel channel, CancellationToken cancellationToken)
    {
        await foreach (var envelope in _outgoing.Reader.ReadAllAsync(cancellationToken))
        {
            var (key, properties) = envelope.Address(Name);
            await channel.BasicPublishAsync(
                BackplaneSubscriptions.Exchange, key, mandatory: false, properties, envelope.ToBytes(), cancellationToken);
        }
    }

    /// <summary>At most twice a second, however much is missing.</summary>
    private async Task PassOnResyncsAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (resyncs.TakeHere())
            {
                listeners.SendToAll(new Resync());
            }

            if (_isUp && resyncs.TakeElsewhere() && !_outgoing.Writer.TryWrite(new BackplaneEnvelope(null, new Resync())))
            {
                resyncs.RequestElsewhere();
            }
        }
    }
}
