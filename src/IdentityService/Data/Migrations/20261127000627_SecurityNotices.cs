using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Explaino.IdentityService.Data.Migrations
{
    /// <inheritdoc />
    public partial class SecurityNotices : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "detail",
                table: "mails",
                type: "character varying(500)",
                maxLength: 500,
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "user_id",
                table: "mails",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "email",
                table: "mailed_codes",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "known_devices",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_known_devices", x => new { x.user_id, x.hash });
                    table.ForeignKey(
                        name: "FK_known_devices_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_mails_user_id",
                table: "mails",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ix_mailed_codes_email",
                table: "mailed_codes",
                column: "email",
                filter: "email IS NOT NULL");

            migrationBuilder.AddForeignKey(
                name: "FK_mails_users_user_id",
                table: "mails",
                column: "user_id",
                principalTable: "users",
                principalColumn: "id",
                onDelete: ReferentialAction.Cascade);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_mails_users_user_id",
                table: "mails");

            migrationBuilder.DropTable(
                name: "known_devices");

            migrationBuilder.DropIndex(
                name: "ix_mails_user_id",
                table: "mails");

            migrationBuilder.DropIndex(
                name: "ix_mailed_codes_email",
                table: "mailed_codes");

            migrationBuilder.DropColumn(
                name: "detail",
                table: "mails");

            migrationBuilder.DropColumn(
                name: "user_id",
                table: "mails");

            migrationBuilder.DropColumn(
                name: "email",
                table: "mailed_codes");
        }
    }
}
