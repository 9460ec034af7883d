using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace Explaino.Gateway.Clients;

/// <summary>
/// Rate limit headers (draft-ietf-httpapi-ratelimit-headers-10): on limited routes each answer says what the limit is and how much of it is left, so that a
/// client slows down before it is refused.
/// </summary>
internal static class RateLimitHeaders
{
    private const string Policy = "RateLimit-Policy";
    private const string Left = "RateLimit";

    /// <summary>After the limiter, which has counted the request by then.</summary>
    public static void UseRateLimitHeaders(this WebApplication app)
    {
        var limiter = app.Services.GetRequiredService<IOptions<RateLimiterOptions>>().Value.GlobalLimiter!;
        app.Use((http, next) =>
        {
            Write(http, limiter.GetStatistics(http)?.CurrentAvailablePermits ?? 0);
            return next(http);
        });
    }

    /// <param name="http">What is limited, or not.</param>
    /// <param name="left">How many calls more are let in now.</param>
    /// <param name="after">When there is more, where nothing is left.</param>
    public static void Write(HttpContext http, long left, TimeSpan? after = null)
    {
        if (RateLimiting.LimitOf(http) is (var name, var quota, var window))
        {
            http.Response.Headers[Policy] = $"\"{name}\";q={quota};w={Seconds(window)}";
            http.Response.Headers[Left] = after is { } delay ? $"\"{name}\";r=0;t={Seconds(delay)}" : $"\"{name}\";r={left}";
        }
    }

    private static int Seconds(TimeSpan time) => (int)Math.Ceiling(time.TotalSeconds);
}
