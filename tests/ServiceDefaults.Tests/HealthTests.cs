using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Explaino.ServiceDefaults.Tests;

/// <summary>Whoever polls health during a slow start gives up and asks again: that is no error of the service.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task A_poll_that_is_given_up_does_not_break_its_check_off()
    {
        var check = new SlowCheck();
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults();
        builder.Services.AddAuthentication();
        builder.Services.AddAuthorization();
        builder.Services.AddHealthChecks().AddCheck("slow", check);
        await using var app = builder.Build();
        app.UseServiceDefaults();
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        using var patience = new CancellationTokenSource();
        var poll = client.GetAsync("/health", patience.Token);
        await check.Started;
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => poll);
        using var another = await client.GetAsync("/alive");

        Assert.Equal(HttpStatusCode.OK, another.StatusCode);
        Assert.False(await check.IsBrokenOffAsync());
    }

    private sealed class SlowCheck : IHealthCheck
    {
        private static readonly TimeSpan LongEnoughToNotice = TimeSpan.FromSeconds(2);

        private readonly TaskCompletionSource _started = new();
        private readonly TaskCompletionSource _brokenOff = new();

        public Task Started => _started.Task;

        public async Task<bool> IsBrokenOffAsync() =>
            await Task.WhenAny(_brokenOff.Task, Task.Delay(LongEnoughToNotice)) == _brokenOff.Task;

        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            using var registration = cancellationToken.Register(() => _brokenOff.TrySetResult());
            _started.TrySetResult();
            await Task.WhenAny(_brokenOff.Task, Task.Delay(LongEnoughToNotice * 2, CancellationToken.None));
            return HealthCheckResult.Healthy();
        }
    }
}
