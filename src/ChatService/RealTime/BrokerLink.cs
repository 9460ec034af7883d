using System.Text.Json;
using System.Threading.Channels;
using Explaino.ServiceDefaults.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Explaino.ChatService.RealTime;

/// <summary>This instance's link to the others: notices go to those that have one of the recipients connected.</summary>
/// <remarks>
/// 1. While the link holds, this instance's own queue is bound to the users connected to it; a notice is published once, with all its recipients as routing keys.
/// 2. Nothing here is durable, confirmed or waited for. What could not be published is dropped, and remembered as "something may be missing".
/// 3. When the link is back, this instance's connections look for what they missed; when something of ours was dropped, everybody else's do too.
/// </remarks>
internal sealed class BrokerLink(Connections connections, IConfiguration configuration, ILogger<BrokerLink> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan BindTimeout = TimeSpan.FromSeconds(2);
    private static readonly JsonSerializerOptions Wire = JsonConventions.Apply(new JsonSerializerOptions());

    private readonly Channel<Envelope> _outgoing = Channel.CreateBounded<Envelope>(new BoundedChannelOptions(10_000) { SingleReader = true });
    private readonly Subscriptions _subscriptions = new(connections);
    private volatile bool _isUp;
    private int _missedHere;
    private int _missedElsewhere;

    public Guid InstanceId { get; } = Guid.CreateVersion7();

    /// <summary>What it signs its notices with, to know them when they come back.</summary>
    private string Name => field ??= InstanceId.ToString();

    public void Post(Notice notice, IReadOnlyCollection<Guid> userIds)
    {
        if (!_isUp || !_outgoing.Writer.TryWrite(new Envelope(userIds, notice)))
        {
            ChatMetrics.NoticesDropped.Add(1);
            Volatile.Write(ref _missedElsewhere, 1);
        }
    }

    public void SomethingMayBeMissing()
    {
        Volatile.Write(ref _missedHere, 1);
        Volatile.Write(ref _missedElsewhere, 1);
    }

    /// <summary>To be called when a user's first device has connected here or their last one is gone: see <see cref="Subscriptions"/>.</summary>
    public async Task FollowAsync(Guid userId)
    {
        using var limit = new CancellationTokenSource(BindTimeout);
        try
        {
            await _subscriptions.FollowAsync(userId, limit.Token);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            logger.LogWarning("A user's notices could not be subscribed to: {Reason}", e.GetType().Name);
            SomethingMayBeMissing();
        }
    }

    public override void Dispose()
    {
        _subscriptions.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var reminding = RemindAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await HoldAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning("No link to the other instances: {Reason}", e.GetBaseException().GetType().Name);
                await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        await reminding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Links, and stays until the link is lost.</summary>
    private async Task HoldAsync(CancellationToken stoppingToken)
    {
        var factory = new ConnectionFactory
        {
            Uri = new Uri(configuration.GetConnectionString("messaging") ?? throw new InvalidOperationException("ConnectionStrings:messaging is not set.")),
            ClientProvidedName = $"chat notices {Name}",

            // A link that came back by itself would hide that notices were lost.
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            RequestedConnectionTimeout = TimeSpan.FromSeconds(3),
            RequestedHeartbeat = TimeSpan.FromSeconds(5),
        };

        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        await using var connection = await factory.CreateConnectionAsync(stoppingToken);
        await using var incoming = await connection.CreateChannelAsync(cancellationToken: stoppingToken);
        await using var outgoing = await connection.CreateChannelAsync(cancellationToken: stoppingToken);
        connection.ConnectionShutdownAsync += (_, _) => lost.CancelAsync();
        incoming.ChannelShutdownAsync += (_, _) => lost.CancelAsync();
        outgoing.ChannelShutdownAsync += (_, _) => lost.CancelAsync();
        try
        {
            await ListenAsync(incoming, lost.Token);
            _isUp = true;
            Volatile.Write(ref _missedHere, 1);
            await PublishAsync(outgoing, lost.Token);
        }
        finally
        {
            // What was on its way may not have arrived.
            _isUp = false;
            Volatile.Write(ref _missedElsewhere, 1);
            await _subscriptions.EndAsync();
        }
    }

    private async Task ListenAsync(IChannel channel, CancellationToken cancellationToken)
    {
        var queue = await _subscriptions.BeginAsync(channel, cancellationToken);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            // Our own come back as well; our connections have been told.
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
            var envelope = JsonSerializer.Deserialize<Envelope>(body, Wire)!;
            if (envelope.UserIds is { } userIds)
            {
                connections.Post(envelope.Notice, userIds);
            }
            else
            {
                connections.PostToAll(envelope.Notice);
            }
        }
        catch (JsonException)
        {
            // An instance of another version says something this one does not know.
            Volatile.Write(ref _missedHere, 1);
        }
    }

    private async Task PublishAsync(IChannel channel, CancellationToken cancellationToken)
    {
        await foreach (var envelope in _outgoing.Reader.ReadAllAsync(cancellationToken))
        {
            var properties = new BasicProperties { ContentType = "application/json", AppId = Name };
            var key = Subscriptions.Everybody;
            if (envelope.UserIds is { Count: > 0 } userIds)
            {
                // The broker routes by these as by the routing key itself, and gives each queue one copy.
                key = Subscriptions.Key(userIds.First());
                properties.Headers = new Dictionary<string, object?> { ["BCC"] = userIds.Skip(1).Select(userId => (object)Subscriptions.Key(userId)).ToList() };
            }

            await channel.BasicPublishAsync(
                Subscriptions.Exchange, key, mandatory: false, properties, JsonSerializer.SerializeToUtf8Bytes(envelope, Wire), cancellationToken);
        }
    }

    /// <summary>At most twice a second, however much is missing.</summary>
    private async Task RemindAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (Interlocked.Exchange(ref _missedHere, 0) == 1)
            {
                connections.PostToAll(new Refresh());
            }

            if (_isUp && Interlocked.Exchange(ref _missedElsewhere, 0) == 1 && !_outgoing.Writer.TryWrite(new Envelope(null, new Refresh())))
            {
                Volatile.Write(ref _missedElsewhere, 1);
            }
        }
    }

    /// <param name="UserIds">For whom; null for everybody.</param>
    private sealed record Envelope(IReadOnlyCollection<Guid>? UserIds, Notice Notice);
}
