using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Explaino.ChatService.Data.Migrations
{
    /// <inheritdoc />
    public partial class AddInitialLoads : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "initial_loads",
                columns: table => new
                {
                    source = table.Column<string>(type: "text", nullable: false),
                    loaded_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_initial_loads", x => x.source);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "initial_loads");
        }
    }
}
