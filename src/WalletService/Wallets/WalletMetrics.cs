using System.Data.Common;
using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Explaino.WalletService.Wallets;

/// <summary>How often and how many points move, counted when they are committed and not before; and what is refused, by reason.</summary>
internal sealed class WalletMetrics : DbTransactionInterceptor
{
    private readonly Counter<long> _movements;
    private readonly Counter<long> _points;
    private readonly Counter<long> _refusals;

    public WalletMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Explaino.Wallet");
        _movements = meter.CreateCounter<long>("explaino.wallet.movements", "{movement}", "Movements of points, by kind.");
        _points = meter.CreateCounter<long>("explaino.wallet.points", "{point}", "Points that moved, by kind.");
        _refusals = meter.CreateCounter<long>("explaino.wallet.refusals", "{refusal}", "Movements that a rule forbade, by kind and reason.");
    }

    public void Refused(TransactionKind kind, string refusal) => _refusals.Add(1, Kind(kind), new("reason", refusal));

    public override Task TransactionCommittedAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        var tracker = eventData.Context!.ChangeTracker;
        var kinds = tracker.Entries<WalletTransaction>().ToDictionary(movement => movement.Entity.Id, movement => movement.Entity.Kind);
        foreach (var (id, kind) in kinds)
        {
            _movements.Add(1, Kind(kind));
            _points.Add(Math.Abs(tracker.Entries<WalletEntry>().Single(entry => entry.Entity.TransactionId == id).Entity.Amount), Kind(kind));
        }

        return Task.CompletedTask;
    }

    private static KeyValuePair<string, object?> Kind(TransactionKind kind) => new("kind", WalletTransaction.NameOf(kind));
}
