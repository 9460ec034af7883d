using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Explaino.ChatService.Hub;

/// <summary>Rate limiter (token bucket) of calls to the hub: by user, so that more connections give no more calls. Each instance counts by itself.</summary>
internal sealed class CallRateLimiter(IOptions<HubLimits> limits) : IDisposable
{
    private readonly PartitionedRateLimiter<Guid> _buckets = PartitionedRateLimiter.Create<Guid, Guid>(userId =>
        RateLimitPartition.GetTokenBucketLimiter(userId, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = limits.Value.CallBurst,
            TokensPerPeriod = limits.Value.CallsPerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        }));

    public bool TryAcquire(Guid userId)
    {
        using var lease = _buckets.AttemptAcquire(userId);
        return lease.IsAcquired;
    }

    public void Dispose() => _buckets.Dispose();
}

/// <summary><c>Hub:*</c>: how often one user may call the hub.</summary>
internal sealed class HubLimits
{
    /// <summary>Calls a user may make at once, over all connections to one instance.</summary>
    public int CallBurst { get; init; } = 100;

    public int CallsPerSecond { get; init; } = 50;

    public bool AreUsable() => CallBurst > 0 && CallsPerSecond > 0;
}
