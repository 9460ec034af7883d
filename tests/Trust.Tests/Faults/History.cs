using System.Collections.Concurrent;
using System.Diagnostics;
using Explaino.Testing;

namespace Explaino.Trust.Tests.Faults;

/// <summary>What somebody can write; each is proved lost, kept or doubled in its own way.</summary>
internal enum Kind
{
    Registration,
    Event,
    Transfer,
    JobPost,
    Comment,
    Like,
    Message,
    Profile,
}

/// <summary>What clients were told, as they saw it: every acknowledged write, and every answer that the contract does not allow.</summary>
internal sealed class History
{
    private static readonly Kind[] Kinds = Enum.GetValues<Kind>();

    private readonly long[] _lastAcknowledged = new long[Kinds.Length];
    private readonly long[] _acknowledged = new long[Kinds.Length];
    private long _unavailable;
    private long _disconnected;
    private long _slowest;

    public ConcurrentQueue<string> Violations { get; } = new();

    /// <summary>True while a test keeps the gateway dead: only then may a connection fail.</summary>
    public bool GatewayIsAway { get; set; }

    public long Acknowledged => _acknowledged.Sum();

    /// <summary>Answers of 503, all as the contract wants them.</summary>
    public long Unavailable => _unavailable;

    public long Disconnected => _disconnected;

    public TimeSpan Slowest => TimeSpan.FromTicks(_slowest);

    public void Acknowledge(Kind kind)
    {
        Interlocked.Increment(ref _acknowledged[(int)kind]);
        Volatile.Write(ref _lastAcknowledged[(int)kind], Stopwatch.GetTimestamp());
    }

    public long CountOf(Kind kind) => Volatile.Read(ref _acknowledged[(int)kind]);

    public void Answered(TimeSpan time)
    {
        for (var known = _slowest; time.Ticks > known; known = _slowest)
        {
            Interlocked.CompareExchange(ref _slowest, time.Ticks, known);
        }
    }

    /// <summary>Starts to measure the slowest answer anew.</summary>
    public void ForgetSlowest() => Interlocked.Exchange(ref _slowest, 0);

    public async Task RefusedAsync(HttpRequestMessage request, HttpResponseMessage response)
    {
        if (response is { StatusCode: System.Net.HttpStatusCode.ServiceUnavailable, Headers.RetryAfter: not null }
            && response.Content.Headers.ContentType?.MediaType == "application/problem+json")
        {
            Interlocked.Increment(ref _unavailable);
        }
        else
        {
            Violations.Enqueue($"{request.Method} {request.RequestUri}: {(int)response.StatusCode} {response.Headers}{await response.Content.ReadAsStringAsync()}");
        }
    }

    public void Failed(HttpRequestMessage request, Exception reason)
    {
        if (GatewayIsAway && reason is HttpRequestException)
        {
            Interlocked.Increment(ref _disconnected);
        }
        else
        {
            Violations.Enqueue($"{request.Method} {request.RequestUri}: {reason.Message} {reason.InnerException?.Message}");
        }
    }

    /// <summary>Waits until every kind of write was acknowledged once more, and tells how long that took; what follows from events is timed apart.</summary>
    public async Task<Recovery> RecoverAsync(TimeSpan? within = null)
    {
        var since = Stopwatch.GetTimestamp();
        var events = AgainAsync([Kind.Event], since, within);
        var writes = AgainAsync(Kinds.Where(kind => kind != Kind.Event), since, within);
        await Task.WhenAll(events, writes);
        return new(await writes, await events);
    }

    public async Task<TimeSpan> AgainAsync(IEnumerable<Kind> kinds, long since, TimeSpan? within = null)
    {
        await Eventually.TrueAsync(
            () => kinds.All(kind => Volatile.Read(ref _lastAcknowledged[(int)kind]) > since), within ?? TimeSpan.FromSeconds(75), "every kind of write succeeds again");
        return Stopwatch.GetElapsedTime(since);
    }
}

/// <summary>How long after a fault writes succeeded again, and the effects of events showed again.</summary>
internal sealed record Recovery(TimeSpan Writes, TimeSpan Events);
