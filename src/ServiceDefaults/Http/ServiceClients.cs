using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;

namespace Explaino.ServiceDefaults.Http;

/// <summary>HTTP clients of other services: service discovery finds the instances, a resilience pipeline retries, limits and breaks the circuit.</summary>
public static class ServiceClients
{
    /// <summary>
    /// Gives <typeparamref name="TClient"/> an <see cref="HttpClient"/> for the service of that name. Its addresses are those of
    /// <c>services:&lt;name&gt;:http:N</c>, as Aspire injects them; the bare name where none is configured, as Compose and Kubernetes resolve it.
    /// </summary>
    public static void AddServiceClient<TClient>(this IServiceCollection services, string name) where TClient : class =>
        services.AddServiceClient<TClient>(client => client.BaseAddress = new Uri($"http://{name}"));

    /// <summary>Of several services: each request names its own.</summary>
    public static void AddServiceClient<TClient>(this IServiceCollection services, Action<HttpClient> configure) where TClient : class =>
        services.AddHttpClient<TClient>(configure)
            // Clients live as long as the process: connections are renewed instead of handlers, so that names are resolved again.
            .UseSocketsHttpHandler((handler, _) => handler.PooledConnectionLifetime = TimeSpan.FromMinutes(2))
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan);

    internal static void AddServiceClients(this WebApplicationBuilder builder)
    {
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(client =>
        {
            // Outside of service discovery, so that each try may go to another instance.
            client.AddStandardResilienceHandler(resilience =>
            {
                resilience.TotalRequestTimeout.Timeout = TimeSpan.FromSeconds(5);
                resilience.AttemptTimeout.Timeout = TimeSpan.FromSeconds(2);
                resilience.Retry.MaxRetryAttempts = 2;
                resilience.Retry.DisableForUnsafeHttpMethods();
                resilience.Retry.Delay = TimeSpan.FromMilliseconds(100);
                resilience.CircuitBreaker.FailureRatio = 0.9;
                resilience.CircuitBreaker.MinimumThroughput = 10;
                resilience.CircuitBreaker.SamplingDuration = TimeSpan.FromSeconds(10);
                resilience.CircuitBreaker.BreakDuration = TimeSpan.FromSeconds(1);
            });
            client.AddServiceDiscovery();
        });
    }
}
