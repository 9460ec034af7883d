using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Explaino.ServiceDefaults.Http;

/// <summary>
/// Told to stop, an instance goes on serving for <c>Shutdown:Drain</c> (none by default) with an unhealthy <c>/health</c>, so that whoever
/// balances the load by it sends nothing to connections that are about to close.
/// </summary>
internal sealed class Drain(IConfiguration configuration, IHostApplicationLifetime lifetime, TimeProvider clock) : IHostedLifecycleService, IHealthCheck
{
    private readonly TimeSpan _time = TimeIn(configuration);

    public static TimeSpan TimeIn(IConfiguration configuration) => configuration.GetValue("Shutdown:Drain", TimeSpan.Zero);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(lifetime.ApplicationStopping.IsCancellationRequested ? HealthCheckResult.Unhealthy("Stopping.") : HealthCheckResult.Healthy());

    /// <summary>Comes before anything is stopped, the web server included.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.Delay(_time, clock, cancellationToken);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
