using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Explaino.JobBoardService.Data.Migrations;

/// <summary>
/// What the model cannot say, written by hand: the text search configuration <c>explaino</c> (docs/adr/0016), which stems as English, ignores accents and
/// has no stop words, so that "IT" can be found; and the words of a post's tags as an immutable function, as a generated column wants it.
/// </summary>
[DbContext(typeof(JobBoardDbContext))]
[Migration("20261101000000_SearchLanguage")]
public sealed class SearchLanguage : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        CREATE EXTENSION IF NOT EXISTS unaccent;
        CREATE EXTENSION IF NOT EXISTS pg_trgm;
        CREATE TEXT SEARCH DICTIONARY explaino_stem (TEMPLATE = snowball, LANGUAGE = english);
        CREATE TEXT SEARCH CONFIGURATION explaino (COPY = pg_catalog.english);
        ALTER TEXT SEARCH CONFIGURATION explaino
            ALTER MAPPING FOR asciiword, asciihword, hword_asciipart, word, hword, hword_part WITH unaccent, explaino_stem;
        CREATE FUNCTION job_post_tag_words(tags text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
            RETURN array_to_string(tags, ' ');
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        DROP FUNCTION job_post_tag_words(text[]);
        DROP TEXT SEARCH CONFIGURATION explaino;
        DROP TEXT SEARCH DICTIONARY explaino_stem;
        """);
}
