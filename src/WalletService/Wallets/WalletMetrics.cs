using System.Data.Common;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Explaino.ServiceData.Postgres;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;

namespace Explaino.WalletService.Wallets;

/// <summary>Metrics of the ledger: how often and how many points move, counted when they are committed and not before; and what is refused, by reason.</summary>
internal sealed class WalletMetrics : DbTransactionInterceptor
{
    private readonly ConditionalWeakTable<IDbContextTransaction, List<(TransactionKind Kind, int Points)>> _pending = [];
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

    /// <summary>Committed already.</summary>
    public void Moved(TransactionKind kind, int points)
    {
        _movements.Add(1, Kind(kind));
        _points.Add(points, Kind(kind));
    }

    /// <summary>To be counted when this is committed, and forgotten with it if it is not.</summary>
    public void Moved(IDbContextTransaction transaction, TransactionKind kind, int points) => _pending.GetOrCreateValue(transaction).Add((kind, points));

    public override Task TransactionCommittedAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        if (eventData.Context?.Database.CurrentTransaction is { } committed && _pending.TryGetValue(committed, out var movements))
        {
            foreach (var (kind, points) in movements)
            {
                Moved(kind, points);
            }
        }

        return Task.CompletedTask;
    }

    private static KeyValuePair<string, object?> Kind(TransactionKind kind) => new("kind", WordConversion.WordOf(kind));
}
