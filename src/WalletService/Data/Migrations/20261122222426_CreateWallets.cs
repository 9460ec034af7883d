using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Explaino.WalletService.Data.Migrations
{
    /// <inheritdoc />
    public partial class CreateWallets : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "deleted_users",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    deleted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_deleted_users", x => x.user_id);
                });

            migrationBuilder.CreateTable(
                name: "idempotency_keys",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    call = table.Column<string>(type: "text", nullable: false),
                    key = table.Column<Guid>(type: "uuid", nullable: false),
                    request_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    status = table.Column<int>(type: "integer", nullable: false),
                    location = table.Column<string>(type: "text", nullable: true),
                    body = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_idempotency_keys", x => new { x.user_id, x.call, x.key });
                });

            migrationBuilder.CreateTable(
                name: "points_wallets",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    balance = table.Column<int>(type: "integer", nullable: false),
                    last_seq = table.Column<long>(type: "bigint", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_points_wallets", x => x.id);
                    table.CheckConstraint("ck_points_wallets_balance", "balance >= 0");
                    table.CheckConstraint("ck_points_wallets_id", "id <> '00000000-0000-0000-0000-000000000000'");
                });

            migrationBuilder.CreateTable(
                name: "wallet_transactions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    reason = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    event_id = table.Column<Guid>(type: "uuid", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_wallet_transactions", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "wallet_entries",
                columns: table => new
                {
                    transaction_id = table.Column<Guid>(type: "uuid", nullable: false),
                    wallet_id = table.Column<Guid>(type: "uuid", nullable: false),
                    seq = table.Column<long>(type: "bigint", nullable: true),
                    amount = table.Column<int>(type: "integer", nullable: false),
                    balance_after = table.Column<int>(type: "integer", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_wallet_entries", x => new { x.transaction_id, x.wallet_id });
                    table.CheckConstraint("ck_wallet_entries_amount", "amount <> 0");
                    table.CheckConstraint("ck_wallet_entries_balance_after", "balance_after >= 0");
                    table.CheckConstraint("ck_wallet_entries_system", "CASE WHEN wallet_id = '00000000-0000-0000-0000-000000000000'\nTHEN seq IS NULL AND balance_after IS NULL\nELSE seq IS NOT NULL AND seq >= 1 AND balance_after IS NOT NULL END");
                    table.ForeignKey(
                        name: "fk_wallet_entries_transaction_id",
                        column: x => x.transaction_id,
                        principalTable: "wallet_transactions",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_idempotency_keys_created_at",
                table: "idempotency_keys",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "ix_points_wallets_updated_at",
                table: "points_wallets",
                column: "updated_at");

            migrationBuilder.CreateIndex(
                name: "ux_points_wallets_user_id",
                table: "points_wallets",
                column: "user_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_wallet_entries_wallet_id_seq",
                table: "wallet_entries",
                columns: new[] { "wallet_id", "seq" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_wallet_transactions_event_id",
                table: "wallet_transactions",
                column: "event_id",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "deleted_users");

            migrationBuilder.DropTable(
                name: "idempotency_keys");

            migrationBuilder.DropTable(
                name: "points_wallets");

            migrationBuilder.DropTable(
                name: "wallet_entries");

            migrationBuilder.DropTable(
                name: "wallet_transactions");
        }
    }
}
