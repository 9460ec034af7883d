using Explaino.ServiceData.Search;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Explaino.ProfileService.Data.Migrations;

/// <summary>Makes the documents from before anew while both versions serve, and lets the one before ask as this one does.</summary>
[DbContext(typeof(ProfileDbContext))]
[Migration("20261126184701_FillTextSearch")]
internal sealed class FillTextSearch : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.InBatches("search_documents", "user_id", "PERFORM make_search_document(person) FROM unnest(batch) AS person");
        migrationBuilder.Sql(
            """
            CREATE OR REPLACE FUNCTION search_query(words text) RETURNS tsquery LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
            RETURN text_beginnings(words);
            DROP FUNCTION IF EXISTS search_words;
            """);
    }

    // The version before works on what this leaves (docs/adr/0022), and documents that were made anew are not unmade. By default it would be forgotten only.
    protected override void Down(MigrationBuilder migrationBuilder) => throw new NotSupportedException("There is no way back from the shared text search.");
}
