using System.Data;
using Explaino.WalletService.Data;
using Microsoft.EntityFrameworkCore;

namespace Explaino.WalletService.Wallets;

/// <summary>
/// The verb <c>verify</c>: recomputes the books from the entries, on one snapshot, so that it can run beside any load. The database does the work; only
/// what is wrong comes here, row by row.
/// </summary>
internal static class Verification
{
    public static async Task<int> RunAsync(IServiceProvider services, string[] arguments, CancellationToken cancellationToken)
    {
        var db = services.GetRequiredService<WalletDbContext>();
        db.Database.SetCommandTimeout(TimeSpan.FromHours(1));
        await using var snapshot = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);

        var faults = 0;
        await foreach (var fault in Faults(db).WithCancellation(cancellationToken))
        {
            faults++;
            Console.WriteLine(fault);
        }

        var books = await db.Database.SqlQuery<Books>(
            $"""
            SELECT (SELECT count(*) FROM points_wallets) AS "Wallets", count(*) AS "Entries", coalesce(sum(amount), 0) AS "Sum"
            FROM wallet_entries
            """).SingleAsync(cancellationToken);
        Console.WriteLine(
            $"verify: {books.Wallets} wallets, {books.Entries} entries, sum {books.Sum}: {(faults == 0 && books.Sum == 0 ? "right" : $"WRONG, {faults} faults")}");
        return faults == 0 && books.Sum == 0 ? 0 : 1;
    }

    /// <summary>One sentence for each transaction whose sides differ, and for each wallet, open or closed, that its entries do not explain.</summary>
    private static IAsyncEnumerable<string> Faults(WalletDbContext db) => db.Database.SqlQuery<string>(
        $"""
        SELECT format('transaction %s: %s entries, sum %s', t.id, count(e.transaction_id), coalesce(sum(e.amount), 0)) AS "Value"
        FROM wallet_transactions AS t LEFT JOIN wallet_entries AS e ON e.transaction_id = t.id
        GROUP BY t.id
        HAVING count(e.transaction_id) <> 2 OR sum(e.amount) <> 0

        UNION ALL

        SELECT format('wallet %s%s: balance %s, seq %s; its entries say balance %s, seq %s%s%s',
            coalesce(w.id, l.wallet_id), CASE WHEN w.id IS NULL THEN ' (closed)' ELSE '' END,
            coalesce(w.balance, 0), coalesce(w.last_seq, l.last_seq), coalesce(l.balance, 0), coalesce(l.last_seq, 0),
            CASE WHEN NOT l.gapless THEN ', with gaps' ELSE '' END, CASE WHEN NOT l.chained THEN ', with a broken chain of balance_after' ELSE '' END)
        FROM points_wallets AS w
        FULL JOIN (
            SELECT wallet_id, sum(amount) AS balance, max(seq) AS last_seq,
                bool_and(seq = place) AS gapless, bool_and(balance_after = running) AS chained
            FROM (
                SELECT wallet_id, seq, amount, balance_after, row_number() OVER history AS place, sum(amount) OVER history AS running
                FROM wallet_entries
                WHERE wallet_id <> {WalletEntry.SystemAccount}
                WINDOW history AS (PARTITION BY wallet_id ORDER BY seq ROWS UNBOUNDED PRECEDING)) AS entries
            GROUP BY wallet_id) AS l ON l.wallet_id = w.id
        WHERE coalesce(w.balance, 0) <> coalesce(l.balance, 0)
            OR (w.id IS NOT NULL AND w.last_seq <> coalesce(l.last_seq, 0))
            OR NOT coalesce(l.gapless, true)
            OR NOT coalesce(l.chained, true)
        """).AsAsyncEnumerable();

    private sealed record Books(long Wallets, long Entries, decimal Sum);
}
