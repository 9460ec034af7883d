using Explaino.ChatService.Devices;
using Explaino.ServiceData;
using Explaino.ServiceDefaults.Errors;
using Polly;
using Polly.CircuitBreaker;

namespace Explaino.ChatService.Push;

/// <summary>Push sender of one provider: the others wait for nothing that is its own.</summary>
/// <remarks>
/// 1. Some standing pushes that are due are leased, which several instances may do at once. 2. What each says is written as things are now. 3. They go out, a few at a time.
/// 4. What the provider took is told; what it refuses for good goes; what it could not take is due again later, for an hour. A circuit breaker asks a provider
/// that is away only now and then; one push at a time is leased meanwhile, to ask with. 5. An instance that stops, or whose database fails it, gives back what it has not finished.
/// </remarks>
internal sealed class PushSender(
    PushProvider provider, IPushTransport transport, PushStatements statements, PushWriter writer, PushSignal signal, PushMetrics metrics, TimeProvider clock, ILogger<PushSender> logger)
    : BackgroundService
{
    private const int AtOnce = 100;
    private const int AtATime = 16;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(10);

    private readonly CircuitBreakerStateProvider _circuit = new();

    private ResiliencePipeline Pipeline => field ??= new ResiliencePipelineBuilder { TimeProvider = clock }
        .AddCircuitBreaker(new()
        {
            ShouldHandle = new PredicateBuilder().Handle<ProviderAwayException>(),
            FailureRatio = 0.5,
            MinimumThroughput = 10,
            SamplingDuration = TimeSpan.FromSeconds(10),
            BreakDuration = TimeSpan.FromSeconds(5),
            StateProvider = _circuit,
        })
        .Build();

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => new WorkLoop(signal[provider], Pause, clock).RunAsync(
        async cancellationToken => await SendDueAsync(cancellationToken) && _circuit.CircuitState != CircuitState.Open,
        e => logger.Log(TransientFailure.Is(e) ? LogLevel.Information : LogLevel.Error, e, "Pushes by {Provider} could not be sent; they are tried again", provider),
        stoppingToken);

    /// <returns>Whether there may be more.</returns>
    private async Task<bool> SendDueAsync(CancellationToken cancellationToken)
    {
        var leased = await statements.LeaseAsync(provider, _circuit.CircuitState == CircuitState.Open ? 1 : AtOnce);
        if (leased.Count == 0)
        {
            return false;
        }

        try
        {
            await SendAsync(leased, cancellationToken);
            return true;
        }
        catch (Exception e) when (cancellationToken.IsCancellationRequested || TransientFailure.Is(e))
        {
            // What fails for any other reason fails again: the lease keeps it from coming back at once.
            await ReleaseAsync(leased);
            throw;
        }
    }

    private async Task SendAsync(List<LeasedPush> leased, CancellationToken cancellationToken)
    {
        var deliveries = await writer.WriteAsync(leased, cancellationToken);
        await Parallel.ForEachAsync(leased, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken }, async (push, _) =>
        {
            if (deliveries.TryGetValue((push.DeviceId, push.SubjectId), out var delivery))
            {
                await SendAsync(delivery, cancellationToken);
            }
            else
            {
                await statements.FinishAsync(push, badge: null);
            }
        });
    }

    /// <summary>As far as the database lets it; else the lease ends by itself.</summary>
    private async Task ReleaseAsync(List<LeasedPush> leased)
    {
        try
        {
            await statements.ReleaseAsync(leased);
        }
        catch (Exception e) when (TransientFailure.Is(e))
        {
            logger.LogInformation(e, "Pushes by {Provider} could not be given back; they are due when their lease ends", provider);
        }
    }

    private async Task SendAsync(PushDelivery delivery, CancellationToken cancellationToken)
    {
        try
        {
            var outcome = await Pipeline.ExecuteAsync(async token => await SendInTimeAsync(delivery, token), cancellationToken);
            metrics.Sent(provider, outcome);
            await (outcome == PushOutcome.TokenGone
                ? statements.RemoveDeviceAsync(delivery.Push.DeviceId, delivery.Token)
                : statements.FinishAsync(delivery.Push, outcome == PushOutcome.Delivered ? delivery.Payload.Badge : null));
        }
        catch (Exception e) when (e is ProviderAwayException or BrokenCircuitException)
        {
            metrics.Failed(provider);
            logger.LogInformation("A push by {Provider} could not be sent: {Reason}", provider, e.Message);
            await statements.PostponeAsync(delivery.Push, (e as ProviderAwayException)?.RetryAfter ?? Backoff(delivery.Push.Attempts));
        }
    }

    private async Task<PushOutcome> SendInTimeAsync(PushDelivery delivery, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(SendTimeout);
        try
        {
            return await transport.SendAsync(delivery, limit.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Without its text, which may name the address of a device.
            throw new ProviderAwayException(e.GetType().Name);
        }
    }

    /// <summary>1, 2, 4 … seconds, and up to half as much again, so that not all come back at once.</summary>
    private static TimeSpan Backoff(int attempts)
    {
        var delay = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, attempts - 1), LongestDelay.TotalSeconds));
        return delay + (delay * (Random.Shared.NextDouble() / 2));
    }
}
