using System.Net;
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
    public const string CodesPolicy = "codes";
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

            // The narrow limit comes first: what it refuses costs the wide one nothing.
            limiter.GlobalLimiter = PartitionedRateLimiter.CreateChained(
                PartitionedRateLimiter.Create<HttpContext, object>(http => limits.Enabled ? Narrow(http, limits) : Unlimited()),
                PartitionedRateLimiter.Create<HttpContext, object>(http => limits.Enabled ? Wide(http, limits) : Unlimited()));

            // To these routes that is all; their policies only say which of the limits.
            Array.ForEach([CredentialsPolicy, CodesPolicy, RefreshPolicy, ClientPolicy], policy => limiter.AddPolicy(policy, _ => Unlimited()));
            limiter.AddPolicy(SocketPolicy, http => limits.Enabled ? PerSocket(http, limits) : Unlimited());
        });
    }

    /// <summary>What one client may do: a user, or else an address, in IPv6 its /64.</summary>
    private static RateLimitPartition<object> Narrow(HttpContext http, RateLimits limits) => PolicyOf(http) is { } policy
        ? UserOf(policy, http) is { } user ? PerKey(user, limits.User) : PerNetwork(policy, http, ClientNetwork.Of(http), limits, times: 1)
        : Unlimited();

    /// <summary>What all clients of one IPv6 site (/48) may do together, which one customer can have all 65,536 networks of.</summary>
    private static RateLimitPartition<object> Wide(HttpContext http, RateLimits limits) =>
        PolicyOf(http) is { } policy && UserOf(policy, http) is null && ClientNetwork.SiteOf(http) is { } site
            ? PerNetwork(policy, http, site, limits, limits.Site)
            : Unlimited();

    /// <summary>What the narrow limit of a request is called, how many calls it lets in, and in how much time as many come back; null where there is none.</summary>
    public static (string Name, int Quota, TimeSpan Window)? LimitOf(HttpContext http)
    {
        var limits = http.RequestServices.GetRequiredService<IOptions<RateLimits>>().Value;
        return !limits.Enabled || PolicyOf(http) is not { } policy ? null : policy switch
        {
            CredentialsPolicy => (policy, limits.Credentials.Permits, limits.Credentials.Window),
            CodesPolicy => (policy, limits.Codes.Permits, limits.Codes.Window),
            RefreshPolicy => (policy, limits.Refresh.Permits, limits.Refresh.Window),
            _ when UserOf(policy, http) is not null => ("user", limits.User.Burst, limits.User.Refill),
            _ => ("address", limits.Address.Burst, limits.Address.Refill),
        };
    }

    private static string? PolicyOf(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName;

    private static string? UserOf(string policy, HttpContext http) =>
        policy is ClientPolicy or SocketPolicy ? http.User.FindFirst("sub")?.Value : null;

    private static RateLimitPartition<object> PerNetwork(string policy, HttpContext http, IPNetwork network, RateLimits limits, int times) => policy switch
    {
        CredentialsPolicy => PerCall(http, network, limits.Credentials, times),
        CodesPolicy => PerCall(http, network, limits.Codes, times),
        RefreshPolicy => PerCall(http, network, limits.Refresh, times),
        _ => PerKey(network, limits.Address, times),
    };

    private static RateLimitPartition<object> PerCall(HttpContext http, IPNetwork network, RateLimits.Sliding limit, int times) =>
        // The route and not the path, of which a client can write many for one call.
        RateLimitPartition.GetSlidingWindowLimiter<object>((Route(http), network), _ => new SlidingWindowRateLimiterOptions
        {
            PermitLimit = limit.Permits * times,
            Window = limit.Window,
            SegmentsPerWindow = 6,
        });

    private static string? Route(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<RouteModel>()?.Config.RouteId;

    /// <summary>No more of them open at once than there are places.</summary>
    private static RateLimitPartition<object> PerSocket(HttpContext http, RateLimits limits) =>
        RateLimitPartition.GetConcurrencyLimiter<object>(
            UserOf(SocketPolicy, http) ?? (object)ClientNetwork.Of(http), _ => new ConcurrencyLimiterOptions { PermitLimit = limits.Sockets.Concurrent });

    private static RateLimitPartition<object> PerKey(object key, RateLimits.Bucket limit, int times = 1) =>
        RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = limit.Burst * times,
            TokensPerPeriod = limit.PerSecond * times,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        });

    private static RateLimitPartition<object> Unlimited() => RateLimitPartition.GetNoLimiter<object>("");

    private static async ValueTask RefuseAsync(OnRejectedContext context, CancellationToken cancellationToken)
    {
        var known = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var told);
        var delay = known && told > TimeSpan.Zero ? told : TimeSpan.FromSeconds(1);
        RateLimitHeaders.Write(context.HttpContext, left: 0, delay);
        await Problems.Of(StatusCodes.Status429TooManyRequests, "rate_limited", "Too many requests; try again later.")
            .RetryAfter(delay)
            .ExecuteAsync(context.HttpContext);
    }
}
