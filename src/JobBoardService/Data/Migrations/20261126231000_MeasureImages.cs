using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Explaino.JobBoardService.Data.Migrations;

/// <summary>Images know their size and placeholder; those that the version before stored do not.</summary>
[DbContext(typeof(JobBoardDbContext))]
[Migration("20261126231000_MeasureImages")]
public sealed class MeasureImages : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<int>("width", "job_post_images", "integer", nullable: true);
        migrationBuilder.AddColumn<int>("height", "job_post_images", "integer", nullable: true);
        migrationBuilder.AddColumn<string>("placeholder", "job_post_images", "text", nullable: true);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropColumn("width", "job_post_images");
        migrationBuilder.DropColumn("height", "job_post_images");
        migrationBuilder.DropColumn("placeholder", "job_post_images");
    }
}
