using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Explaino.JobBoardService.Data.Migrations
{
    /// <inheritdoc />
    public partial class OrderByTime : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_job_post_likes_latest",
                table: "job_post_likes",
                columns: new[] { "post_id", "created_at", "id" })
                .Annotation("Npgsql:CreatedConcurrently", true);

            migrationBuilder.CreateIndex(
                name: "ix_job_post_comments_oldest",
                table: "job_post_comments",
                columns: new[] { "post_id", "created_at", "id" })
                .Annotation("Npgsql:CreatedConcurrently", true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_job_post_likes_latest",
                table: "job_post_likes");

            migrationBuilder.DropIndex(
                name: "ix_job_post_comments_oldest",
                table: "job_post_comments");
        }
    }
}
