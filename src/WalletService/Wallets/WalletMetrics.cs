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

    public Movement Refused(TransactionKind kind, Refusal refusal)
    {
        _refusals.Add(1, Kind(kind), new("reason", refusal switch
        {
            Refusal.InsufficientPoints => "insufficient_points",
            Refusal.BalanceOverflow => "balance_overflow",
            _ => "no_wallet",
        }));
        return new(null, null, refusal);
    }

    public override Task TransactionCommittedAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        var tracker = eventData.Context!.ChangeTracker;
        var kinds = tracker.Entries<WalletTransaction>().ToDictionary(movement => movement.Entity.Id, movement => movement.Entity.Kind);
        foreach (var (id, kind) in kinds)
        {
            _movements.Add(1, Kind(kind));
            _points.Add(tracker.Entries<WalletEntry>().Where(entry => entry.Entity.TransactionId == id).Sum(entry => Math.Max(0, entry.Entity.Amount)), Kind(kind));
        }

        return Task.CompletedTask;
    }

    private static KeyValuePair<string, object?> Kind(TransactionKind kind) => new("kind", kind.ToString().ToLowerInvariant());
}
