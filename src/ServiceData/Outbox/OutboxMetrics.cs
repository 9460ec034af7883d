using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;

namespace Explaino.ServiceData.Outbox;

/// <summary>Whether events get out: how many wait, how many were set aside, and for how long the oldest has waited. This is what to alert on.</summary>
internal sealed class OutboxMetrics
{
    public const string Name = "Explaino.Outbox";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _clock;
    private volatile Measurement? _last;

    public OutboxMetrics(IMeterFactory meters, TimeProvider clock)
    {
        _clock = clock;
        var meter = meters.Create(Name);
        meter.CreateObservableGauge("explaino.outbox.backlog", () => _last?.Waiting ?? 0, "{event}", "Events that are committed and not yet published.");
        meter.CreateObservableGauge("explaino.outbox.set_aside", () => _last?.SetAside ?? 0, "{event}", "Events that cannot be published; see the verb outbox.");
        meter.CreateObservableGauge("explaino.outbox.age", Age, "s", "How long the oldest event has waited to be published.");
    }

    public async Task MeasureAsync(DbContext db, CancellationToken cancellationToken)
    {
        var (last, now) = (_last, _clock.GetTimestamp());
        if (last is not null && _clock.GetElapsedTime(last.At, now) < Interval)
        {
            return;
        }

        var unsent = await db.Set<OutboxMessage>().Where(message => message.SentAt == null)
            .GroupBy(message => message.SetAsideAt != null)
            .Select(group => new { SetAside = group.Key, Count = group.Count(), Oldest = group.Min(message => message.CreatedAt) })
            .ToListAsync(cancellationToken);
        var waiting = unsent.Find(group => !group.SetAside);
        var seenAt = waiting?.Oldest == last?.Oldest ? last?.SeenAt ?? now : now;
        _last = new(waiting?.Count ?? 0, unsent.Find(group => group.SetAside)?.Count ?? 0, waiting?.Oldest, seenAt, now);
    }

    /// <summary>By what it was made at, or by how long it was seen to wait: a clock that was set back must not silence the alert.</summary>
    private double Age() => _last is { Oldest: { } oldest, SeenAt: var seenAt }
        ? Math.Max((_clock.GetUtcNow() - oldest).TotalSeconds, _clock.GetElapsedTime(seenAt).TotalSeconds)
        : 0;

    private sealed record Measurement(int Waiting, int SetAside, DateTimeOffset? Oldest, long SeenAt, long At);
}
