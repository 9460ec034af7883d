using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Explaino.IdentityService.Data.Migrations
{
    /// <inheritdoc />
    public partial class LimitCodesByAsker : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "phone_number_tries",
                table: "users",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "phone_number_tries_from",
                table: "users",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "wrong_codes",
                table: "users",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<byte[]>(
                name: "asker",
                table: "mails",
                type: "bytea",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "mailed_codes",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    purpose = table.Column<string>(type: "text", nullable: false),
                    asker = table.Column<byte[]>(type: "bytea", nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    is_long = table.Column<bool>(type: "boolean", nullable: false),
                    made_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_mailed_codes", x => x.id);
                    table.ForeignKey(
                        name: "FK_mailed_codes_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "code_tries",
                columns: table => new
                {
                    code_id = table.Column<Guid>(type: "uuid", nullable: false),
                    asker = table.Column<byte[]>(type: "bytea", nullable: false),
                    wrong = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_code_tries", x => new { x.code_id, x.asker });
                    table.ForeignKey(
                        name: "FK_code_tries_mailed_codes_code_id",
                        column: x => x.code_id,
                        principalTable: "mailed_codes",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_mailed_codes_made_at",
                table: "mailed_codes",
                column: "made_at");

            migrationBuilder.CreateIndex(
                name: "ix_mailed_codes_user_id",
                table: "mailed_codes",
                columns: new[] { "user_id", "purpose" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "code_tries");

            migrationBuilder.DropTable(
                name: "mailed_codes");

            migrationBuilder.DropColumn(
                name: "phone_number_tries",
                table: "users");

            migrationBuilder.DropColumn(
                name: "phone_number_tries_from",
                table: "users");

            migrationBuilder.DropColumn(
                name: "wrong_codes",
                table: "users");

            migrationBuilder.DropColumn(
                name: "asker",
                table: "mails");
        }
    }
}
