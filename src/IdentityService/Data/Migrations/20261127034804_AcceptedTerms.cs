using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Explaino.IdentityService.Data.Migrations
{
    /// <inheritdoc />
    public partial class AcceptedTerms : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "accepted_terms",
                table: "users",
                type: "character varying(50)",
                maxLength: 50,
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "accepted_terms",
                table: "users");
        }
    }
}
