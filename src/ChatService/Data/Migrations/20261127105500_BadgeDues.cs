using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Explaino.ChatService.Data.Migrations
{
    /// <inheritdoc />
    public partial class BadgeDues : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "badge",
                table: "pushes",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "session_id",
                table: "push_dues",
                type: "uuid",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "badge",
                table: "pushes");

            migrationBuilder.DropColumn(
                name: "session_id",
                table: "push_dues");
        }
    }
}
