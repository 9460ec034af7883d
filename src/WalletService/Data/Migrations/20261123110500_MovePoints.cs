using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Explaino.WalletService.Data.Migrations
{
    /// <summary>A movement of points in one round trip: the locks, the rules and the rows.</summary>
    public partial class MovePoints : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(SqlFile.Read("MovePoints.sql"));

        protected override void Down(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("DROP FUNCTION move_points(uuid, text, uuid, uuid, int, text, uuid, timestamptz);");
    }
}
