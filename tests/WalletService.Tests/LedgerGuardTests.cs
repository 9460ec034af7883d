using System.Diagnostics.Metrics;
using System.Net;
using Explaino.ServiceData.Outbox;
using Explaino.Testing;
using Explaino.WalletService.Data;
using Explaino.WalletService.Wallets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Explaino.WalletService.Tests;

/// <summary>What the database itself refuses, whoever asks; and that <c>verify</c> sees what got through all the same.</summary>
public sealed class LedgerGuardTests(WalletHost host) : IClassFixture<WalletHost>
{
    [Theory]
    [InlineData("UPDATE wallet_entries SET amount = amount + 1")]
    [InlineData("DELETE FROM wallet_entries")]
    [InlineData("TRUNCATE wallet_entries")]
    [InlineData("DELETE FROM wallet_transactions")]
    [InlineData("UPDATE wallet_transactions SET kind = 'award'")]
    [InlineData("UPDATE wallet_transactions SET reason = 'Another one'")]
    public async Task The_ledger_is_only_ever_added_to(string statement)
    {
        await host.NewMemberAsync(points: 3);
        await using var owner = await LedgerTables.OpenAsync(host.Environment.Database.OwnerConnectionString);
        await using var service = await LedgerTables.OpenAsync(host.Environment.Database.ConnectionString);

        var refusedToOwner = await Assert.ThrowsAsync<PostgresException>(() => owner.ExecuteAsync(statement));
        var refusedToService = await Assert.ThrowsAsync<PostgresException>(() => service.ExecuteAsync(statement));

        Assert.Equal(PostgresErrorCodes.RestrictViolation, refusedToOwner.SqlState);
        Assert.Contains(refusedToService.SqlState, new[] { PostgresErrorCodes.InsufficientPrivilege, PostgresErrorCodes.RestrictViolation });
    }

    [Fact]
    public async Task No_transaction_has_one_side_only()
    {
        var user = await host.NewMemberAsync();
        await using var service = await LedgerTables.OpenAsync(host.Environment.Database.ConnectionString);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => service.ExecuteAsync(
            $"""
            WITH w AS (SELECT id FROM points_wallets WHERE user_id = '{user.Id}'),
                 t AS (INSERT INTO wallet_transactions (id, kind, created_at) VALUES (gen_random_uuid(), 'award', now()) RETURNING id)
            INSERT INTO wallet_entries (transaction_id, wallet_id, seq, amount, balance_after) SELECT t.id, w.id, 1, 10, 10 FROM t, w
            """));

        Assert.Equal("tr_wallet_entries_both_sides", refused.ConstraintName);
        await host.VerifyAsync();
    }

    [Theory]
    [InlineData("balance = -1", "ck_points_wallets_balance")]
    [InlineData("user_id = (SELECT user_id FROM points_wallets ORDER BY id LIMIT 1)", "ux_points_wallets_user_id")]
    public async Task A_wallet_is_never_negative_and_never_the_second(string change, string constraint)
    {
        await host.NewMemberAsync();
        var user = await host.NewMemberAsync();
        await using var service = await LedgerTables.OpenAsync(host.Environment.Database.ConnectionString);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => service.ExecuteAsync(
            $"UPDATE points_wallets SET {change} WHERE user_id = '{user.Id}'"));

        Assert.Equal(constraint, refused.ConstraintName);
    }

    [Fact]
    public async Task Times_follow_seq_also_after_an_instance_whose_clock_is_ahead()
    {
        var sender = await host.NewMemberAsync(points: 2);
        var receiver = await host.NewMemberAsync();
        await using var service = await LedgerTables.OpenAsync(host.Environment.Database.ConnectionString);
        await service.ExecuteAsync($"UPDATE points_wallets SET updated_at = date_trunc('minute', now() + interval '1 hour') WHERE user_id = '{sender.Id}'");
        var ahead = await service.ReadAsync<DateTime>($"SELECT updated_at FROM points_wallets WHERE user_id = '{sender.Id}'");

        using var response = await host.TransferAsync(sender, receiver.Id, 1);

        var sent = await response.ReadObjectAsync(HttpStatusCode.Created);
        Assert.Equal(ahead, ((DateTime)sent["created_at"]!).ToUniversalTime());
    }

    [Fact]
    public async Task Verify_finds_and_names_everything_that_is_wrong()
    {
        var corruptions = new (string Statement, string Sentence)[]
        {
            ("UPDATE points_wallets SET balance = balance + 1 WHERE id = '{0}'", "wallet {0}: balance 6, seq 1; its entries say balance 5, seq 1"),
            ("UPDATE points_wallets SET last_seq = 2 WHERE id = '{0}'", "wallet {0}: balance 5, seq 2; its entries say balance 5, seq 1"),
            ("UPDATE wallet_entries SET seq = 3 WHERE wallet_id = '{0}'", "wallet {0}: balance 5, seq 1; its entries say balance 5, seq 3, with gaps"),
            ("UPDATE wallet_entries SET balance_after = 4 WHERE wallet_id = '{0}'", "wallet {0}: balance 5, seq 1; its entries say balance 5, seq 1, with a broken chain of balance_after"),
            ("UPDATE wallet_entries SET amount = 6, balance_after = 6 WHERE wallet_id = '{0}'", "transaction {1}: 2 entries, sum 1"),
            ("DELETE FROM points_wallets WHERE id = '{0}'", "wallet {0} (closed): balance 0, seq 1; its entries say balance 5, seq 1"),
            ("DELETE FROM wallet_entries WHERE wallet_id = '{0}'", "transaction {1}: 1 entries, sum -5"),
        };
        await using var environment = await ServiceEnvironment.CreateAsync(Service.Wallet);
        await using var own = WalletHost.In(environment);
        await own.InitializeAsync();
        var users = await own.NewMembersAsync(corruptions.Length, points: 5);
        await own.VerifyAsync();
        await using var superuser = await LedgerTables.OpenAsync(environment.Database.SuperuserConnectionString);
        var expected = new List<string>();
        foreach (var ((statement, sentence), user) in corruptions.Zip(users))
        {
            var wallet = await superuser.ReadAsync<Guid>($"SELECT id FROM points_wallets WHERE user_id = '{user.Id}'");
            var transaction = await superuser.ReadAsync<Guid>($"SELECT transaction_id FROM wallet_entries WHERE wallet_id = '{wallet}'");
            expected.Add(sentence.Replace("{0}", wallet.ToString()).Replace("{1}", transaction.ToString()));
            await superuser.ExecuteAsync($"SET session_replication_role = replica; {statement.Replace("{0}", wallet.ToString())}");
        }

        var verdict = await own.RunVerbInProcessAsync("verify");

        Assert.Equal(1, verdict.ExitCode);
        Assert.All(expected, sentence => Assert.Contains(sentence, verdict.Output.Split('\n')));
        Assert.Contains("WRONG", verdict.Output);
    }

    [Fact]
    public async Task As_part_of_something_larger_no_point_moves_outside_its_transaction()
    {
        var user = await host.NewMemberAsync(points: 5);
        await using var db = new WalletDbContext(
            new DbContextOptionsBuilder<WalletDbContext>().UseNpgsql(host.Environment.Database.ConnectionString).Options);
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var ledger = new Ledger(db, new OutboxSignal(), new WalletMetrics(services.GetRequiredService<IMeterFactory>()), TimeProvider.System);

        await Assert.ThrowsAsync<InvalidOperationException>(() => ledger.AwardAsync(user.Id, 1, "Never", Guid.CreateVersion7(), CancellationToken.None));
        await Assert.ThrowsAsync<InvalidOperationException>(() => ledger.CloseAsync(user.Id, CancellationToken.None));

        Assert.Equal(5, await host.BalanceAsync(user));
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("profile")]
    [InlineData("jobboard")]
    [InlineData("chat")]
    public async Task No_other_services_role_gets_in(string role)
    {
        await using var superuser = await LedgerTables.OpenAsync(host.Environment.Database.SuperuserConnectionString);
        await superuser.ExecuteAsync(
            $"""
            SELECT pg_advisory_lock(hashtext('explaino test templates'));
            DO $$ BEGIN
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN CREATE ROLE {role}; END IF;
            END $$;
            SELECT pg_advisory_unlock(hashtext('explaino test templates'));
            """);

        Assert.False(await superuser.ReadAsync<bool>($"SELECT has_database_privilege('{role}', current_database(), 'CONNECT')"));
        Assert.True(await superuser.ReadAsync<bool>("SELECT has_database_privilege('wallet', current_database(), 'CONNECT')"));
    }

    [Fact]
    public async Task The_serving_role_changes_no_tables()
    {
        await using var service = await LedgerTables.OpenAsync(host.Environment.Database.ConnectionString);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => service.ExecuteAsync("CREATE TABLE mine (id int)"));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }
}
