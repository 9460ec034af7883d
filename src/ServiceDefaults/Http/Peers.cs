using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace Explaino.ServiceDefaults.Http;

/// <summary>HTTP to other services, by the addresses Aspire injects (<c>services:identity:http:0</c>), with retries, a time limit and a circuit breaker.</summary>
public static class Peers
{
    /// <summary>The address of a service, <c>http://&lt;name&gt;</c> if none is configured (compose and Kubernetes resolve that).</summary>
    public static Uri PeerAddress(this IConfiguration configuration, string name) =>
        new(configuration[$"services:{name}:http:0"] ?? $"http://{name}");

    public static void AddPeer<TClient>(this WebApplicationBuilder builder, string name) where TClient : class
    {
        builder.Services.AddSingleton(_ => (TClient)Activator.CreateInstance(
            typeof(TClient),
            new HttpClient(new ResilienceHandler(Pipeline()) { InnerHandler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2) } })
            {
                BaseAddress = builder.Configuration.PeerAddress(name),
                Timeout = TimeSpan.FromSeconds(5),
            })!);
    }

    private static ResiliencePipeline<HttpResponseMessage> Pipeline() =>
        new ResiliencePipelineBuilder<HttpResponseMessage>()
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = 2,
                Delay = TimeSpan.FromMilliseconds(100),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = Failure(),
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
            {
                FailureRatio = 0.9,
                MinimumThroughput = 10,
                SamplingDuration = TimeSpan.FromSeconds(10),
                BreakDuration = TimeSpan.FromSeconds(1),
                ShouldHandle = Failure(),
            })
            .AddTimeout(TimeSpan.FromSeconds(2))
            .Build();

    private static PredicateBuilder<HttpResponseMessage> Failure() =>
        new PredicateBuilder<HttpResponseMessage>()
            .Handle<HttpRequestException>()
            .Handle<Polly.Timeout.TimeoutRejectedException>()
            .HandleResult(response => (int)response.StatusCode >= 500);

    private sealed class ResilienceHandler(ResiliencePipeline<HttpResponseMessage> pipeline) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            await pipeline.ExecuteAsync(async token => await base.SendAsync(request, token), cancellationToken);
    }
}
