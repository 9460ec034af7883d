using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Explaino.ProfileService.Data.Migrations;

/// <summary>Names are compared by Unicode's full case folding, whatever their composition, width and blanks; until now by lower case alone.</summary>
/// <remarks>
/// The columns and indices keep their names, so that the version before goes on with them. Each table in a transaction of its own: whoever writes a profile
/// reads all of its tables at the end, and of two who wait for each other one is refused. Run again after an interruption, it does all of it again.
/// </remarks>
[DbContext(typeof(ProfileDbContext))]
[Migration("20261126161100_FoldNames")]
internal sealed class FoldNames : Migration
{
    private static readonly string[] Collections = ["skills", "tech_stack", "languages", "frameworks", "communication_skills", "soft_skills", "hobbies"];

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        // Lower case is not all of folding: sharp s is ss, a final sigma is a sigma, and the iota below is an iota. Not by upper case first, which makes
        // a dotless i an i.
        migrationBuilder.Sql(
            """
            CREATE OR REPLACE FUNCTION fold_name(name text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
            RETURN normalize(
                replace(
                    translate(
                        lower(normalize(regexp_replace(name, '\s+', ' ', 'g'), NFKD) COLLATE "und-x-icu"),
                        U&'\03C2\0345', U&'\03C3\03B9'),
                    U&'\00DF', 'ss'),
                NFKC);
            """);
        Rebuild(migrationBuilder, "fold_name(name)");
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        Rebuild(migrationBuilder, """lower(name COLLATE "und-x-icu")""");
        migrationBuilder.Sql("DROP FUNCTION fold_name;");
    }

    private static void Rebuild(MigrationBuilder migrationBuilder, string key)
    {
        Rebuild(migrationBuilder, "specializations", "", "created_at, id", key);
        foreach (var collection in Collections)
        {
            Rebuild(migrationBuilder, $"user_{collection}", "user_id, ", "position", key);
        }

        migrationBuilder.Sql(
            """
            DROP INDEX IF EXISTS ix_user_skills_name_key;
            CREATE INDEX ix_user_skills_name_key ON user_skills (name_key, user_id);
            """,
            suppressTransaction: true);
    }

    /// <summary>Of two names that are one by now, the later one is told apart by its id.</summary>
    private static void Rebuild(MigrationBuilder migrationBuilder, string table, string owner, string order, string key) => migrationBuilder.Sql(
        $"""
        ALTER TABLE {table} DROP COLUMN IF EXISTS name_key;
        UPDATE {table} SET name = left({table}.name, 80) || ' ' || right({table}.id::text, 12)
        FROM (SELECT id, row_number() OVER (PARTITION BY {owner}{key} ORDER BY {order}) AS number FROM {table}) AS numbered
        WHERE numbered.id = {table}.id AND numbered.number > 1;
        ALTER TABLE {table} ADD COLUMN name_key text GENERATED ALWAYS AS ({key}) STORED;
        CREATE UNIQUE INDEX ux_{table}_name ON {table} ({owner}name_key);
        """,
        suppressTransaction: true);
}
