using Explaino.ServiceData.Search;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using NpgsqlTypes;

namespace Explaino.ChatService.Data.Migrations;

/// <summary>Text search by the functions that all services share, in columns beside those of the version before; rows from before get theirs by FillTextSearch.</summary>
[DbContext(typeof(ChatDbContext))]
[Migration("20261126184636_AddTextSearch")]
public sealed class AddTextSearch : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTextSearch();

        migrationBuilder.AddColumn<NpgsqlTsVector>(
            name: "words",
            table: "messages",
            type: "tsvector",
            nullable: true);

        migrationBuilder.AddColumn<NpgsqlTsVector>(
            name: "words",
            table: "group_messages",
            type: "tsvector",
            nullable: true);

        migrationBuilder.Sql(
            """
            CREATE FUNCTION fill_message_words() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                NEW.words := text_vector(NEW.content, true);
                RETURN NEW;
            END $$;
            CREATE TRIGGER fill_words BEFORE INSERT OR UPDATE OF content ON messages FOR EACH ROW EXECUTE FUNCTION fill_message_words();
            CREATE TRIGGER fill_words BEFORE INSERT OR UPDATE OF content ON group_messages FOR EACH ROW EXECUTE FUNCTION fill_message_words();
            """);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(
            """
            DROP TRIGGER fill_words ON group_messages;
            DROP TRIGGER fill_words ON messages;
            DROP FUNCTION fill_message_words;
            """);

        migrationBuilder.DropColumn(
            name: "words",
            table: "messages");

        migrationBuilder.DropColumn(
            name: "words",
            table: "group_messages");

        migrationBuilder.DropTextSearch();
    }
}
