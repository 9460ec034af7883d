using Explaino.ServiceData.Search;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using NpgsqlTypes;

namespace Explaino.IdentityService.Data.Migrations;

/// <summary>Text search by the functions that all services share, in columns beside those of the version before; rows from before get theirs by FillTextSearch.</summary>
[DbContext(typeof(IdentityDbContext))]
[Migration("20261126184656_AddTextSearch")]
public sealed class AddTextSearch : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTextSearch();

        migrationBuilder.AddColumn<NpgsqlTsVector>(
            name: "words",
            table: "users",
            type: "tsvector",
            nullable: true);

        migrationBuilder.Sql(
            """
            CREATE FUNCTION fill_user_words() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                NEW.words := text_vector(concat_ws(' ', NEW.username, NEW.first_name, NEW.last_name), false);
                RETURN NEW;
            END $$;
            CREATE TRIGGER fill_words BEFORE INSERT OR UPDATE OF username, first_name, last_name ON users FOR EACH ROW EXECUTE FUNCTION fill_user_words();
            """);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(
            """
            DROP TRIGGER fill_words ON users;
            DROP FUNCTION fill_user_words;
            """);

        migrationBuilder.DropColumn(
            name: "words",
            table: "users");

        migrationBuilder.DropTextSearch();
    }
}
