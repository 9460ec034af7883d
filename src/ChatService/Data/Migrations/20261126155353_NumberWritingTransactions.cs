using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Explaino.ChatService.Data.Migrations
{
    /// <inheritdoc />
    public partial class NumberWritingTransactions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<ulong>(
                name: "written_in",
                table: "messages",
                type: "xid8",
                nullable: true);

            migrationBuilder.AddColumn<ulong>(
                name: "written_in",
                table: "group_messages",
                type: "xid8",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "stopped_at",
                table: "chat_instances",
                type: "timestamp with time zone",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "written_in",
                table: "messages");

            migrationBuilder.DropColumn(
                name: "written_in",
                table: "group_messages");

            migrationBuilder.DropColumn(
                name: "stopped_at",
                table: "chat_instances");
        }
    }
}
