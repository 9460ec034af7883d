using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using NpgsqlTypes;

namespace Explaino.ServiceData.Search;

/// <summary>
/// Text search: what a word is and when two are the same, by functions of the database, so that every service searches by one rule and whichever version
/// writes is found (docs/adr/0043). A service's own trigger fills its column with <c>text_vector</c>.
/// </summary>
public static class TextSearch
{
    /// <summary>The functions of text-search.v1.sql.</summary>
    public static void CreateTextSearch(this MigrationBuilder migration)
    {
        using var text = new StreamReader(typeof(TextSearch).Assembly.GetManifestResourceStream("text-search.v1.sql")!);
        migration.Sql(text.ReadToEnd());
    }

    public static void DropTextSearch(this MigrationBuilder migration) => migration.Sql(
        """
        DROP FUNCTION text_part, text_beginnings, text_query, text_phrase, text_vector, text_lexeme, text_tokens, text_fold, text_key;
        DROP TEXT SEARCH DICTIONARY text_stem;
        """);

    /// <summary>
    /// Runs a statement about the rows whose keys are in <c>batch</c>, a thousand at a time, each in a transaction of its own: nobody waits for long. Run
    /// again after an interruption, it must leave alone what it did.
    /// </summary>
    public static void InBatches(this MigrationBuilder migration, string table, string key, string statement) => migration.Sql(
        $"""
        DO $$
        DECLARE
            batch uuid[] := ARRAY['00000000-0000-0000-0000-000000000000'];
        BEGIN
            LOOP
                SELECT array_agg({key} ORDER BY {key}) INTO batch
                FROM (SELECT {key} FROM {table} WHERE {key} > batch[array_upper(batch, 1)] ORDER BY {key} LIMIT 1000) AS next;
                EXIT WHEN batch IS NULL;
                {statement};
                COMMIT;
            END LOOP;
        END $$;
        """,
        suppressTransaction: true);

    /// <summary>Lets queries of this model use what is below.</summary>
    public static ModelBuilder HasTextSearch(this ModelBuilder model)
    {
        // No tables; the key is what lets Entity Framework read collections of what is joined with it.
        model.Entity<TextQuery>().ToView(null).HasKey(query => query.Words);
        model.Entity<TextPart>().ToView(null).HasNoKey();
        model.HasDbFunction(() => Key("")).HasName("text_key");
        return model;
    }

    /// <summary>Words, "phrases", - and or: to be joined with rows that match it. A function in FROM is called once for a statement, not for each row.</summary>
    public static IQueryable<TextQuery> TextQuery(this DbContext db, string words) => db.Set<TextQuery>().FromSql(
        $"SELECT {words} AS words, query, pg_current_snapshot()::text AS snapshot FROM text_query({words}) AS query");

    /// <summary>Beginnings of words, all of them.</summary>
    public static IQueryable<TextQuery> TextBeginnings(this DbContext db, string words) => db.Set<TextQuery>().FromSql(
        $"SELECT {words} AS words, query, pg_current_snapshot()::text AS snapshot FROM text_beginnings({words}) AS query");

    /// <summary>A part of what <c>text_fold</c> made, for LIKE.</summary>
    public static IQueryable<TextPart> TextPart(this DbContext db, string part) => db.Set<TextPart>().FromSql(
        $"SELECT pattern FROM text_part({part}) AS pattern");

    /// <summary>Case folding by the database: what texts have in common that differ in case, blanks, composition or width.</summary>
    public static string Key(string text) => throw new NotSupportedException("For queries only.");
}

/// <summary>What is searched for, as the database understands it.</summary>
public sealed class TextQuery
{
    public required string Words { get; init; }

    public required NpgsqlTsQuery Query { get; init; }

    /// <summary>What the statement sees, for lists as of their first page.</summary>
    public required string Snapshot { get; init; }
}

/// <summary>A pattern for LIKE.</summary>
public sealed class TextPart
{
    public required string Pattern { get; init; }
}
