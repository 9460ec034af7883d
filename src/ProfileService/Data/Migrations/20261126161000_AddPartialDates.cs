using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Explaino.ProfileService.Data.Migrations;

/// <summary>What was said of a date beside its day, and how the two are read together (see <see cref="Collections.PartialDate"/>).</summary>
[DbContext(typeof(ProfileDbContext))]
[Migration("20261126161000_AddPartialDates")]
internal sealed class AddPartialDates : Migration
{
    private static readonly (string Table, string Column)[] Columns =
    [
        .. from table in new[] { "user_education", "user_experience", "user_internships", "user_projects" }
           from column in new[] { "start_date_said", "end_date_said" }
           select (table, column),
        ("user_certifications", "issued_on_said"),
        ("user_certifications", "expires_on_said"),
    ];

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach (var (table, column) in Columns)
        {
            // A transaction each: see FoldNames.
            migrationBuilder.Sql($"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {column} text;", suppressTransaction: true);
        }

        // Npgsql writes the first and the last day there is as infinities. What was said holds as long as the day begins with it.
        migrationBuilder.Sql(
            """
            CREATE OR REPLACE FUNCTION partial_date(day date, said text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
            RETURN (
                SELECT CASE WHEN starts_with(written.day, said) THEN said ELSE written.day END
                FROM (SELECT CASE day
                    WHEN 'infinity' THEN '9999-12-31'
                    WHEN '-infinity' THEN '0001-01-01'
                    ELSE to_char(day, 'YYYY-MM-DD')
                END AS day) AS written);
            """);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql("DROP FUNCTION partial_date;");
        foreach (var (table, column) in Columns)
        {
            migrationBuilder.DropColumn(column, table);
        }
    }
}
