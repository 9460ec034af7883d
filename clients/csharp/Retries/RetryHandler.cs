using System.Net;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Explaino.Client;

/// <summary>Retries: sends until there is an answer that would stay the same. After <c>Retry-After</c>, or after growing random pauses, and never without end.</summary>
internal sealed class RetryHandler : DelegatingHandler
{
    private static readonly ResiliencePropertyKey<HttpRequestMessage> Sent = new("sent");
    private static readonly ResiliencePropertyKey<bool> Lost = new("lost");

    private readonly ExplainoClientOptions _options;
    private readonly ResiliencePipeline<HttpResponseMessage> _calls;

    /// <summary>The answer to a refresh can be had again for ten seconds (docs/contract.md#2-identity), so that its tries must lie within them.</summary>
    private readonly ResiliencePipeline<HttpResponseMessage> _refreshes;

    public RetryHandler(HttpMessageHandler transport, ExplainoClientOptions options) : base(transport)
    {
        _options = options;
        _calls = Pipeline(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(100));
        _refreshes = Pipeline(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(800), TimeSpan.FromSeconds(3));
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is { } content)
        {
            await content.LoadIntoBufferAsync(cancellationToken);
        }

        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(Sent, request);
        try
        {
            var response = await (Repetition.IsRefresh(request) ? _refreshes : _calls).ExecuteAsync(async attempt => await SendOnceAsync(request, attempt.CancellationToken), context);

            // It is gone: the first one did it.
            return response.StatusCode == HttpStatusCode.NotFound && request.Method == HttpMethod.Delete && context.Properties.GetValue(Lost, false)
                ? new HttpResponseMessage(HttpStatusCode.NoContent) { RequestMessage = request }
                : response;
        }
        catch (TimeoutRejectedException e)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, "There was no answer in time.", e);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>An answer whose end is missing is none.</summary>
    private async Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        try
        {
            await response.Content.LoadIntoBufferAsync(cancellationToken);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private ResiliencePipeline<HttpResponseMessage> Pipeline(TimeSpan firstPause, TimeSpan longestPause, TimeSpan timeout) =>
        new ResiliencePipelineBuilder<HttpResponseMessage>()
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = _options.Attempts - 1,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = firstPause,
                MaxDelay = longestPause,
                ShouldHandle = attempt => ValueTask.FromResult(MayComeRight(attempt)),
                DelayGenerator = attempt => ValueTask.FromResult(RetryAfter(attempt.Outcome.Result) + Jitter(firstPause)),
                OnRetry = attempt =>
                {
                    attempt.Context.Properties.Set(Lost, attempt.Context.Properties.GetValue(Lost, false) || attempt.Outcome.Exception is not null);
                    attempt.Outcome.Result?.Dispose();
                    return default;
                },
            })
            .AddTimeout(timeout)
            .Build();

    private bool MayComeRight(RetryPredicateArguments<HttpResponseMessage> attempt)
    {
        var isHarmless = Repetition.IsHarmless(attempt.Context.Properties.GetValue(Sent, null!));
        if (attempt.Outcome.Result is not { } response)
        {
            return isHarmless && attempt.Outcome.Exception is HttpRequestException or TimeoutRejectedException or IOException;
        }

        var isEnough = RetryAfter(response) > _options.Patience;
        return !isEnough && response.StatusCode switch
        {
            // The first was not done.
            HttpStatusCode.TooManyRequests => true,
            // It may be there in a moment, as a wallet is after the registration; more likely it is not.
            HttpStatusCode.NotFound => response.Headers.RetryAfter is not null && attempt.AttemptNumber < (_options.Attempts / 2) - 1,
            HttpStatusCode.ServiceUnavailable => isHarmless,
            _ => false,
        };
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage? response) => response?.Headers.RetryAfter?.Delta;

    private static TimeSpan Jitter(TimeSpan most) => most * Random.Shared.NextDouble();
}
