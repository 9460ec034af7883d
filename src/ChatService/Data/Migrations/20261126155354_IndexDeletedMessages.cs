using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Explaino.ChatService.Data.Migrations
{
    /// <inheritdoc />
    public partial class IndexDeletedMessages : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_messages_deleted",
                table: "messages",
                columns: new[] { "chat_id", "seq" },
                filter: "deleted_at IS NOT NULL")
                .Annotation("Npgsql:CreatedConcurrently", true)
                .Annotation("Npgsql:IndexInclude", new[] { "sender_id" });

            migrationBuilder.CreateIndex(
                name: "ix_group_messages_deleted",
                table: "group_messages",
                columns: new[] { "group_id", "seq" },
                filter: "deleted_at IS NOT NULL")
                .Annotation("Npgsql:CreatedConcurrently", true)
                .Annotation("Npgsql:IndexInclude", new[] { "sender_id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_messages_deleted",
                table: "messages");

            migrationBuilder.DropIndex(
                name: "ix_group_messages_deleted",
                table: "group_messages");
        }
    }
}
