using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Explaino.ServiceDefaults.Http;

/// <summary><c>/alive</c>: the process answers. <c>/health</c>: its own database answers; the broker is shown, and never fails it (docs/contract.md#1-conventions).</summary>
internal static class Health
{
    public const string Path = "/health";
    public const string AlivePath = "/alive";

    public static void AddDefaultHealthChecks(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Drain>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Drain>());
        builder.Services.AddHealthChecks().AddCheck<Drain>("serving");
    }

    public static void MapHealth(this WebApplication app)
    {
        // A check goes on when whoever asked gives up: broken off, it would be logged as a database that fails.
        app.UseWhen(http => http.Request.Path == Path, health => health.Use((http, next) =>
        {
            http.RequestAborted = CancellationToken.None;
            return next(http);
        }));
        app.MapHealthChecks(AlivePath, new HealthCheckOptions { Predicate = _ => false, ResponseWriter = WriteAsync })
            .AllowAnonymous().DisableHttpMetrics();
        app.MapHealthChecks(Path, new HealthCheckOptions { ResponseWriter = WriteAsync })
            .AllowAnonymous().DisableHttpMetrics();
    }

    private static Task WriteAsync(HttpContext http, HealthReport report) =>
        http.Response.WriteAsJsonAsync(new
        {
            Status = Word(report.Status),
            Checks = report.Entries.ToDictionary(entry => entry.Key, entry => Word(entry.Value.Status)),
        });

    private static string Word(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "healthy",
        HealthStatus.Degraded => "degraded",
        _ => "unhealthy",
    };
}
