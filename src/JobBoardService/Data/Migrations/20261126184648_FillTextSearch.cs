using Explaino.ServiceData.Search;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Explaino.JobBoardService.Data.Migrations;

/// <summary>Makes what is searched of the rows from before, and then its indices, while both versions serve. Goes on after an interruption.</summary>
public partial class FillTextSearch : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.InBatches("job_posts", "post_id", "UPDATE job_posts SET title = title WHERE post_id = ANY (batch) AND words IS NULL");

        migrationBuilder.CreateIndex(
            name: "ix_job_posts_location_key",
            table: "job_posts",
            column: "location_key")
            .Annotation("Npgsql:CreatedConcurrently", true)
            .Annotation("Npgsql:IndexMethod", "gin")
            .Annotation("Npgsql:IndexOperators", new[] { "gin_trgm_ops" });

        migrationBuilder.CreateIndex(
            name: "ix_job_posts_tag_keys",
            table: "job_posts",
            column: "tag_keys")
            .Annotation("Npgsql:CreatedConcurrently", true)
            .Annotation("Npgsql:IndexMethod", "gin");

        migrationBuilder.CreateIndex(
            name: "ix_job_posts_words",
            table: "job_posts",
            column: "words")
            .Annotation("Npgsql:CreatedConcurrently", true)
            .Annotation("Npgsql:IndexMethod", "gin");
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropIndex(
            name: "ix_job_posts_location_key",
            table: "job_posts");

        migrationBuilder.DropIndex(
            name: "ix_job_posts_tag_keys",
            table: "job_posts");

        migrationBuilder.DropIndex(
            name: "ix_job_posts_words",
            table: "job_posts");
    }
}
