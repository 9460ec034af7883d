using Explaino.ServiceData.Search;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Explaino.IdentityService.Data.Migrations;

/// <summary>Makes what is searched of the rows from before, and then its indices, while both versions serve. Goes on after an interruption.</summary>
public partial class FillTextSearch : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.InBatches("users", "id", "UPDATE users SET username = username WHERE id = ANY (batch) AND words IS NULL");

        migrationBuilder.CreateIndex(
            name: "ix_users_words",
            table: "users",
            column: "words")
            .Annotation("Npgsql:CreatedConcurrently", true)
            .Annotation("Npgsql:IndexMethod", "gin");
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropIndex(
            name: "ix_users_words",
            table: "users");
    }
}
