using System.Net;
using Polly;
using Polly.Retry;

namespace Explaino.Demo.Filling;

/// <summary>
/// Does what answers ask for: comes back after <c>Retry-After</c>, be it a rate limit, a service that is away, or somebody whom a service has not heard
/// of yet. A call whose answer was lost is repeated where the API recognizes repetitions.
/// </summary>
internal sealed class ComingBack() : DelegatingHandler(new SocketsHttpHandler { UseCookies = false })
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(2);
    private static readonly ResiliencePropertyKey<bool> Repeatable = new("repeatable");

    private static readonly ResiliencePipeline<HttpResponseMessage> Pipeline = new ResiliencePipelineBuilder<HttpResponseMessage>()
        .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
        {
            MaxRetryAttempts = 100,
            ShouldHandle = attempt => ValueTask.FromResult(attempt.Outcome.Exception is HttpRequestException
                ? attempt.Context.Properties.GetValue(Repeatable, false) && attempt.AttemptNumber < 5
                : DelayOf(attempt.Outcome.Result) <= LongestWait),
            DelayGenerator = attempt => ValueTask.FromResult<TimeSpan?>(DelayOf(attempt.Outcome.Result) ?? TimeSpan.FromSeconds(1)),
        })
        .Build();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(Repeatable, request.Method != HttpMethod.Post || request.Headers.Contains(Gateway.IdempotencyKey));
        try
        {
            return await Pipeline.ExecuteAsync(
                async attempt => await base.SendAsync(request, attempt.CancellationToken), context);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static TimeSpan? DelayOf(HttpResponseMessage? response) =>
        response?.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or HttpStatusCode.NotFound
            ? response.Headers.RetryAfter?.Delta
            : null;
}
