using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Explaino.ServiceDefaults.Errors;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Model;

namespace Explaino.Gateway.Clients;

/// <summary>The policies that routes name in appsettings.json. A client that has been quiet for a while is forgotten, so memory is bounded.</summary>
internal static class RateLimiting
{
    private const string CredentialsPolicy = "credentials";
    private const string CodesPolicy = "codes";
    private const string RefreshPolicy = "refresh";
    private const string ClientPolicy = "client";
    private const string SocketPolicy = "socket";

    public static void AddRateLimits(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<RateLimits>().BindConfiguration("RateLimiting")
            .Validate(limits => limits.AreUsable(), "RateLimiting: every limit must be above zero; Enabled says whether they apply.")
            .ValidateOnStart();
        builder.Services.AddRateLimiter();
        builder.Services.AddOptions<RateLimiterOptions>().Configure<IOptions<RateLimits>>((limiter, options) =>
        {
            var limits = options.Value;
            limiter.OnRejected = RefuseAsync;
            limiter.AddPolicy(CredentialsPolicy, http => limits.Enabled ? PerCall(http, limits.Credentials) : Unlimited());
            limiter.AddPolicy(CodesPolicy, http => limits.Enabled ? PerCall(http, limits.Codes) : Unlimited());
            limiter.AddPolicy(RefreshPolicy, http => limits.Enabled ? PerCall(http, limits.Refresh) : Unlimited());
            limiter.AddPolicy(ClientPolicy, http => limits.Enabled ? PerClient(http, limits) : Unlimited());
            limiter.AddPolicy(SocketPolicy, http => limits.Enabled ? PerSocket(http, limits) : Unlimited());
        });
    }

    private static RateLimitPartition<object> PerCall(HttpContext http, RateLimits.Sliding limit) =>
        // The route and not the path, of which a client can write many for one call.
        RateLimitPartition.GetSlidingWindowLimiter<object>((Route(http), Network(http)), _ => new SlidingWindowRateLimiterOptions
        {
            PermitLimit = limit.Permits,
            Window = limit.Window,
            SegmentsPerWindow = 6,
        });

    private static string? Route(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<RouteModel>()?.Config.RouteId;

    private static RateLimitPartition<object> PerClient(HttpContext http, RateLimits limits) =>
        http.User.FindFirst("sub") is { } subject ? PerKey(subject.Value, limits.User) : PerKey(Network(http), limits.Address);

    /// <summary>As any call, and no more of them open at once than there are places.</summary>
    private static RateLimitPartition<object> PerSocket(HttpContext http, RateLimits limits)
    {
        var (key, calls) = http.User.FindFirst("sub") is { } subject ? ((object)subject.Value, limits.User) : (Network(http), limits.Address);
        return RateLimitPartition.Get(key, _ => RateLimiter.CreateChained(
            new TokenBucketRateLimiter(Options(calls, replenishesItself: true)),
            new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = limits.Sockets.Concurrent })));
    }

    private static RateLimitPartition<object> PerKey(object key, RateLimits.Bucket limit) =>
        RateLimitPartition.GetTokenBucketLimiter(key, _ => Options(limit));

    /// <param name="limit">How much.</param>
    /// <param name="replenishesItself">Where it is not the partition's own limiter, which the framework replenishes.</param>
    private static TokenBucketRateLimiterOptions Options(RateLimits.Bucket limit, bool replenishesItself = false) => new()
    {
        TokenLimit = limit.Burst,
        TokensPerPeriod = limit.PerSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        AutoReplenishment = replenishesItself,
    };

    private static RateLimitPartition<object> Unlimited() => RateLimitPartition.GetNoLimiter<object>("");

    /// <summary>The address, or its /64 in IPv6, which one client can have all addresses of.</summary>
    private static IPAddress Network(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new IPAddress(bytes);
    }

    private static async ValueTask RefuseAsync(OnRejectedContext context, CancellationToken cancellationToken)
    {
        var known = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var delay);
        await Problems.Of(StatusCodes.Status429TooManyRequests, "rate_limited", "Too many requests; try again later.")
            .RetryAfter(known && delay > TimeSpan.Zero ? delay : TimeSpan.FromSeconds(1))
            .ExecuteAsync(context.HttpContext);
    }
}
