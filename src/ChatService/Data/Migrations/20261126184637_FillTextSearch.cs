using Explaino.ServiceData.Search;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Explaino.ChatService.Data.Migrations;

/// <summary>Makes what is searched of the rows from before, and then its indices, while both versions serve. Goes on after an interruption.</summary>
public partial class FillTextSearch : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach (var table in new[] { "messages", "group_messages" })
        {
            migrationBuilder.InBatches(table, "id", $"UPDATE {table} SET words = text_vector(content, true) WHERE id = ANY (batch) AND words IS NULL");
        }

        migrationBuilder.CreateIndex(
            name: "ix_messages_words",
            table: "messages",
            columns: new[] { "chat_id", "words" })
            .Annotation("Npgsql:CreatedConcurrently", true)
            .Annotation("Npgsql:IndexMethod", "gin");

        migrationBuilder.CreateIndex(
            name: "ix_group_messages_words",
            table: "group_messages",
            columns: new[] { "group_id", "words" })
            .Annotation("Npgsql:CreatedConcurrently", true)
            .Annotation("Npgsql:IndexMethod", "gin");
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropIndex(
            name: "ix_messages_words",
            table: "messages");

        migrationBuilder.DropIndex(
            name: "ix_group_messages_words",
            table: "group_messages");
    }
}
