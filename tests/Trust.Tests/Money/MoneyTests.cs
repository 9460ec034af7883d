using System.Diagnostics;
using System.Net;
using Explaino.Testing;
using Npgsql;

namespace Explaino.Trust.Tests.Money;

/// <summary>Points are neither made nor lost, whatever 64 writers do and whoever is killed meanwhile.</summary>
public sealed class MoneyTests(MoneyBench bench) : IClassFixture<MoneyBench>
{
    private const int Writers = 64;

    [Fact]
    public async Task The_books_are_right_after_any_number_of_random_operations_and_kills()
    {
        var operations = Scale.Of(test: 2_000, shortRun: 100_000, longRun: 1_000_000);
        var kills = Scale.Of(test: 2, shortRun: 6, longRun: 20);
        var started = Stopwatch.GetTimestamp();
        var done = 0;

        var writers = Parallel.ForAsync(0, Writers, new ParallelOptions { MaxDegreeOfParallelism = Writers }, async (_, _) =>
        {
            var earlier = new List<Func<Task<bool>>>();
            while (Interlocked.Increment(ref done) <= operations)
            {
                await OperateAsync(earlier);
            }
        });
        await bench.KillWhileAsync(kills, operations, () => done);

        await writers;
        var time = Stopwatch.GetElapsedTime(started);
        await using var connection = await bench.OpenBooksAsync();
        var complaints = await LedgerChecker.ComplaintsAsync(connection, bench.Acknowledged);
        var verdict = await bench.VerifyAsync();

        const string Area = "Money";
        Figures.Record(Area, "random operations by 64 writers", $"{operations}");
        Figures.Record(Area, "operations a second", $"{operations / time.TotalSeconds:F0}");
        Figures.Record(Area, "instances killed meanwhile", $"{kills}");
        Figures.Record(Area, "movements acknowledged", $"{bench.Acknowledged.Count}");
        Figures.Record(Area, "lost, doubled, invented, or books wrong", $"{complaints.Count}");
        Assert.True(bench.Violations.IsEmpty, string.Join('\n', bench.Violations));
        Assert.Empty(complaints);
        Assert.True(verdict.ExitCode == 0, verdict.Output);
    }

    [Theory]
    [InlineData("balance is not the sum", "UPDATE points_wallets SET balance = balance + 1 WHERE id = (SELECT id FROM points_wallets LIMIT 1)")]
    [InlineData("the entries do not add up", "UPDATE wallet_entries SET amount = amount + 1 WHERE transaction_id = (SELECT id FROM wallet_transactions LIMIT 1) AND amount > 0")]
    [InlineData("doubled", """
        WITH t AS (SELECT * FROM wallet_transactions LIMIT 1),
             n AS (INSERT INTO wallet_transactions (id, kind, reason, created_at) SELECT gen_random_uuid(), kind, reason, created_at FROM t RETURNING id),
             e AS (
                INSERT INTO wallet_entries (transaction_id, wallet_id, seq, amount, balance_after)
                SELECT n.id, e.wallet_id, e.seq + 1000000000, e.amount, e.balance_after FROM wallet_entries AS e JOIN t ON t.id = e.transaction_id, n)
        UPDATE points_wallets AS w SET balance = balance + e.amount FROM wallet_entries AS e JOIN t ON t.id = e.transaction_id WHERE e.wallet_id = w.id
        """)]
    [InlineData("lost", """
        WITH t AS (SELECT * FROM wallet_transactions ORDER BY created_at DESC LIMIT 1),
             e AS (DELETE FROM wallet_entries USING t WHERE transaction_id = t.id RETURNING wallet_id, amount),
             gone AS (DELETE FROM wallet_transactions USING t WHERE wallet_transactions.id = t.id)
        UPDATE points_wallets AS w SET balance = balance - amount FROM e WHERE e.wallet_id = w.id
        """)]
    public async Task Whoever_touches_the_books_is_noticed(string complaint, string sabotage)
    {
        await bench.TransferAsync(0, bench.IdOf(1), 1, Guid.CreateVersion7());
        await using var connection = await bench.OpenBooksAsync();
        Assert.Empty(await LedgerChecker.ComplaintsAsync(connection, bench.Acknowledged));

        // The database refuses such statements; here its triggers look away until the transaction is undone.
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand($"SET LOCAL session_replication_role = replica; {sabotage}", connection);
        await command.ExecuteNonQueryAsync();
        var complaints = await LedgerChecker.ComplaintsAsync(connection, bench.Acknowledged);
        await transaction.RollbackAsync();

        Assert.Contains(complaints, text => text.StartsWith(complaint, StringComparison.Ordinal));
    }

    private async Task OperateAsync(List<Func<Task<bool>>> earlier)
    {
        var from = Random.Shared.Next(MoneyBench.Members);
        var to = (from + Random.Shared.Next(1, MoneyBench.Members)) % MoneyBench.Members;
        var amount = Random.Shared.Next(1, 300);
        var key = Guid.CreateVersion7();
        var operation = Random.Shared.Next(100) switch
        {
            < 60 => new Func<Task<bool>>(() => bench.TransferAsync(from, bench.IdOf(to), amount, key)),
            < 70 => () => bench.AwardAsync(to, amount, key),
            < 80 => () => bench.DeductAsync(from, amount, key),
            < 85 => () => bench.TransferAsync(from, bench.IdOf(to), 1_000_000, key),
            < 88 => () => bench.TransferAsync(from, bench.IdOf(from), amount, key, refusal: HttpStatusCode.BadRequest),
            < 91 => () => bench.TransferAsync(from, Guid.CreateVersion7(), amount, key, refusal: HttpStatusCode.NotFound),
            _ when earlier.Count > 0 => earlier[Random.Shared.Next(earlier.Count)],
            _ => () => bench.TransferAsync(from, bench.IdOf(to), amount, key),
        };
        if (await operation() && earlier.Count < 100)
        {
            earlier.Add(operation);
        }
    }
}
