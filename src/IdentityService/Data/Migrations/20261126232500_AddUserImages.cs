using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Explaino.IdentityService.Data.Migrations;

/// <summary>Uploaded avatars.</summary>
[DbContext(typeof(IdentityDbContext))]
[Migration("20261126232500_AddUserImages")]
public sealed class AddUserImages : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "user_images",
            columns: table => new
            {
                user_id = table.Column<Guid>("uuid", nullable: false),
                id = table.Column<Guid>("uuid", nullable: false),
                storage_key = table.Column<Guid>("uuid", nullable: false),
                content_type = table.Column<string>("text", nullable: false),
                longest_side = table.Column<int>("integer", nullable: false),
                created_at = table.Column<DateTimeOffset>("timestamp with time zone", nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_user_images", image => image.user_id);
                table.ForeignKey("fk_user_images_user_id", image => image.user_id, "users", "id", onDelete: ReferentialAction.Cascade);
            });

        migrationBuilder.CreateIndex("ux_user_images_storage_key", "user_images", "storage_key", unique: true);
    }

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropTable("user_images");
}
