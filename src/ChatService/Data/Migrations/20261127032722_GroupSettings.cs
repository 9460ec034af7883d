using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Explaino.ChatService.Data.Migrations;

/// <summary>How a member wants a group. By itself, so that no transaction holds both tables of members; a constant default writes no row.</summary>
[DbContext(typeof(ChatDbContext))]
[Migration("20261127032722_GroupSettings")]
public sealed class GroupSettings : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<DateTimeOffset>("muted_until", "group_chat_participants", "timestamp with time zone", nullable: true);
        migrationBuilder.AddColumn<bool>("pinned", "group_chat_participants", "boolean", nullable: false, defaultValue: false);
        migrationBuilder.AddColumn<bool>("archived", "group_chat_participants", "boolean", nullable: false, defaultValue: false);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropColumn("muted_until", "group_chat_participants");
        migrationBuilder.DropColumn("pinned", "group_chat_participants");
        migrationBuilder.DropColumn("archived", "group_chat_participants");
    }
}
