using Explaino.ServiceData.Search;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;
using NpgsqlTypes;

namespace Explaino.JobBoardService.Data.Migrations;

/// <summary>Text search by the functions that all services share, in columns beside those of the version before; rows from before get theirs by FillTextSearch.</summary>
[DbContext(typeof(JobBoardDbContext))]
[Migration("20261126184647_AddTextSearch")]
public sealed class AddTextSearch : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTextSearch();

        migrationBuilder.AddColumn<string>(
            name: "location_key",
            table: "job_posts",
            type: "text",
            nullable: true);

        migrationBuilder.AddColumn<List<string>>(
            name: "tag_keys",
            table: "job_posts",
            type: "text[]",
            nullable: true);

        migrationBuilder.AddColumn<NpgsqlTsVector>(
            name: "words",
            table: "job_posts",
            type: "tsvector",
            nullable: true);

        migrationBuilder.CreateTable(
            name: "job_post_search_changes",
            columns: table => new
            {
                id = table.Column<long>(type: "bigint", nullable: false)
                    .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                post_id = table.Column<Guid>(type: "uuid", nullable: false),
                words_before = table.Column<NpgsqlTsVector>(type: "tsvector", nullable: false),
                changed_in = table.Column<ulong>(type: "xid8", nullable: false),
                changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_job_post_search_changes", x => x.id);
                table.ForeignKey(
                    name: "fk_job_post_search_changes_post_id",
                    column: x => x.post_id,
                    principalTable: "job_posts",
                    principalColumn: "post_id",
                    onDelete: ReferentialAction.Cascade);
            });

        migrationBuilder.CreateIndex(
            name: "ix_job_post_search_changes_changed_at",
            table: "job_post_search_changes",
            column: "changed_at");

        migrationBuilder.CreateIndex(
            name: "ix_job_post_search_changes_changed_in",
            table: "job_post_search_changes",
            column: "changed_in");

        migrationBuilder.CreateIndex(
            name: "ix_job_post_search_changes_post_id",
            table: "job_post_search_changes",
            columns: new[] { "post_id", "id" });

        migrationBuilder.Sql(
            """
            CREATE FUNCTION fill_job_post_keys() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                NEW.tag_keys := ARRAY(SELECT text_key(tag) FROM unnest(NEW.tags) AS tag);
                NEW.location_key := text_fold(NEW.location);
                NEW.words := setweight(text_vector(NEW.title, true), 'A') || setweight(text_vector(array_to_string(NEW.tags, ' '), true), 'B')
                    || setweight(text_vector(NEW.company, true), 'C') || setweight(text_vector(NEW.description, true), 'D');
                IF TG_OP = 'UPDATE' AND OLD.words <> NEW.words THEN
                    INSERT INTO job_post_search_changes (post_id, words_before, changed_in, changed_at)
                    VALUES (OLD.post_id, OLD.words, pg_current_xact_id(), NEW.updated_at);
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER fill_keys BEFORE INSERT OR UPDATE OF title, description, company, tags, location ON job_posts
            FOR EACH ROW EXECUTE FUNCTION fill_job_post_keys();
            """);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(
            """
            DROP TRIGGER fill_keys ON job_posts;
            DROP FUNCTION fill_job_post_keys;
            """);

        migrationBuilder.DropTable(
            name: "job_post_search_changes");

        migrationBuilder.DropColumn(
            name: "location_key",
            table: "job_posts");

        migrationBuilder.DropColumn(
            name: "tag_keys",
            table: "job_posts");

        migrationBuilder.DropColumn(
            name: "words",
            table: "job_posts");

        migrationBuilder.DropTextSearch();
    }
}
