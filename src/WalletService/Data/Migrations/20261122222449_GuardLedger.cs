using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Explaino.WalletService.Data.Migrations
{
    /// <summary>What makes the books trustworthy whoever writes to them: entries never change, no transaction has one side only, wallets are locked in one order.</summary>
    public partial class GuardLedger : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(SqlFile.Read("GuardLedger.sql"));

        protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
            """
            DROP TRIGGER tr_wallet_entries_both_sides ON wallet_entries;
            DROP TRIGGER tr_wallet_entries_immutable ON wallet_entries;
            DROP TRIGGER tr_wallet_transactions_immutable ON wallet_transactions;
            DROP TRIGGER tr_wallet_transactions_reason ON wallet_transactions;
            DROP FUNCTION lock_wallets(uuid[]);
            DROP FUNCTION require_both_sides();
            DROP FUNCTION refuse_ledger_change();
            """);
    }
}
