using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Explaino.WalletService.Data.Migrations
{
    /// <inheritdoc />
    public partial class FindAdjustmentKeys : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_idempotency_keys_adjustments",
                table: "idempotency_keys",
                column: "call",
                filter: "call LIKE 'POST /api/wallets/%'")
                .Annotation("Npgsql:CreatedConcurrently", true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_idempotency_keys_adjustments",
                table: "idempotency_keys");
        }
    }
}
