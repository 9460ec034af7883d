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
    /// <summary>The addresses of a service's instances; <c>http://&lt;name&gt;</c> if none is configured (Compose and Kubernetes resolve that).</summary>
    public static Uri[] PeerAddresses(this IConfiguration configuration, string name)
    {
        var instances = configuration.GetSection($"services:{name}:http").GetChildren()
            .Where(instance => !string.IsNullOrWhiteSpace(instance.Value))
            .Select(instance => new Uri(instance.Value!));
        return instances.ToArray() is { Length: > 0 } configured ? configured : [new Uri($"http://{name}")];
    }

    public static void AddPeer<TClient>(this WebApplicationBuilder builder, string name) where TClient : class
    {
        var instances = builder.Configuration.PeerAddresses(name);
        builder.Services.AddSingleton(_ => (TClient)Activator.CreateInstance(
            typeof(TClient),
            new HttpClient(new ResilienceHandler(Pipeline())
            {
                InnerHandler = new InstanceHandler(instances)
                {
                    InnerHandler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2) },
                },
            })
            {
                BaseAddress = instances[0],
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

    /// <summary>Stays with one instance until that fails: the next try goes to the next one.</summary>
    private sealed class InstanceHandler(Uri[] instances) : DelegatingHandler
    {
        private int _current;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var current = Volatile.Read(ref _current);
            request.RequestUri = new Uri(instances[current], request.RequestUri!.PathAndQuery);
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                Interlocked.CompareExchange(ref _current, (current + 1) % instances.Length, current);
                throw;
            }
        }
    }
}
