using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Explaino.ChatService.Data.Migrations;

/// <summary>How a member wants a chat. By itself, so that no transaction holds both tables of members; a constant default writes no row.</summary>
[DbContext(typeof(ChatDbContext))]
[Migration("20261127032721_ChatSettings")]
public sealed class ChatSettings : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<DateTimeOffset>("muted_until", "chat_members", "timestamp with time zone", nullable: true);
        migrationBuilder.AddColumn<bool>("pinned", "chat_members", "boolean", nullable: false, defaultValue: false);
        migrationBuilder.AddColumn<bool>("archived", "chat_members", "boolean", nullable: false, defaultValue: false);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropColumn("muted_until", "chat_members");
        migrationBuilder.DropColumn("pinned", "chat_members");
        migrationBuilder.DropColumn("archived", "chat_members");
    }
}
