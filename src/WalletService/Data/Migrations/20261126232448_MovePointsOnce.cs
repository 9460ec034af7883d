using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Explaino.WalletService.Data.Migrations
{
    /// <summary>A movement with its idempotency key in one statement, and wallets whose updates touch no index (docs/adr/0049).</summary>
    public partial class MovePointsOnce : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(SqlFile.Read("MovePointsOnce.sql"));
            migrationBuilder.AlterTable(
                name: "points_wallets")
                .Annotation("Npgsql:StorageParameter:fillfactor", 80);
            migrationBuilder.Sql("DROP INDEX CONCURRENTLY IF EXISTS ix_points_wallets_updated_at;", suppressTransaction: true);
        }

        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_points_wallets_updated_at",
                table: "points_wallets",
                column: "updated_at");
            migrationBuilder.AlterTable(
                name: "points_wallets")
                .OldAnnotation("Npgsql:StorageParameter:fillfactor", 80);
            migrationBuilder.Sql(
                """
                DROP FUNCTION move_points_once(
                    uuid, text, uuid, bytea, timestamptz, text, text, uuid, text, uuid, uuid, int, text, timestamptz);
                """);
        }
    }
}
