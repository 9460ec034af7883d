using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Explaino.IdentityService.Data.Migrations
{
    /// <inheritdoc />
    public partial class FlaggedCases : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AlterColumn<Guid>(
                name: "reporter_id",
                table: "case_reports",
                type: "uuid",
                nullable: true,
                oldClrType: typeof(Guid),
                oldType: "uuid");

            migrationBuilder.CreateIndex(
                name: "ux_case_reports_flag",
                table: "case_reports",
                column: "case_id",
                unique: true,
                filter: "reporter_id IS NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ux_case_reports_flag",
                table: "case_reports");

            migrationBuilder.AlterColumn<Guid>(
                name: "reporter_id",
                table: "case_reports",
                type: "uuid",
                nullable: false,
                defaultValue: new Guid("00000000-0000-0000-0000-000000000000"),
                oldClrType: typeof(Guid),
                oldType: "uuid",
                oldNullable: true);
        }
    }
}
