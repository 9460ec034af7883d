using System.Diagnostics.Metrics;
using Explaino.IdentityService.Data;
using Microsoft.EntityFrameworkCore;

namespace Explaino.IdentityService.Moderation;

/// <summary>How long the oldest open case has waited to be decided; stores give operators a day.</summary>
internal sealed class CaseMetrics
{
    private readonly TimeProvider _clock;
    private DateTimeOffset? _oldest;

    public CaseMetrics(IMeterFactory meters, TimeProvider clock)
    {
        _clock = clock;
        meters.Create("Explaino.Identity").CreateObservableGauge("explaino.identity.oldest_open_case", Age, "s", "How long the oldest open case has waited to be decided.");
    }

    public async Task MeasureAsync(IdentityDbContext db, CancellationToken cancellationToken) =>
        _oldest = await db.Cases.Where(open => !open.IsDecided).MinAsync(open => (DateTimeOffset?)open.FirstReportedAt, cancellationToken);

    private double Age() => _oldest is { } oldest ? (_clock.GetUtcNow() - oldest).TotalSeconds : 0;
}
