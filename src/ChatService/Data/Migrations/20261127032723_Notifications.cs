using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Explaino.ChatService.Data.Migrations
{
    /// <inheritdoc />
    public partial class Notifications : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "feed_deeds",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    subject_key = table.Column<string>(type: "text", nullable: false),
                    actor_id = table.Column<Guid>(type: "uuid", nullable: false),
                    entry_id = table.Column<Guid>(type: "uuid", nullable: true),
                    occurred_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    withdrawn = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_feed_deeds", x => new { x.user_id, x.kind, x.subject_key, x.actor_id });
                });

            migrationBuilder.CreateTable(
                name: "feed_entries",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    seq = table.Column<long>(type: "bigint", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    subject_key = table.Column<string>(type: "text", nullable: false),
                    subject = table.Column<string>(type: "jsonb", nullable: false),
                    @params = table.Column<string>(name: "params", type: "jsonb", nullable: false),
                    actors = table.Column<Guid[]>(type: "uuid[]", nullable: false),
                    count = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_feed_entries", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "feed_events",
                columns: table => new
                {
                    event_id = table.Column<Guid>(type: "uuid", nullable: false),
                    consumed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_feed_events", x => x.event_id);
                });

            migrationBuilder.CreateTable(
                name: "feeds",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    last_seq = table.Column<long>(type: "bigint", nullable: false),
                    read_seq = table.Column<long>(type: "bigint", nullable: false),
                    unread = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_feeds", x => x.user_id);
                    table.CheckConstraint("ck_feeds_unread", "unread >= 0 AND read_seq <= last_seq");
                });

            migrationBuilder.CreateTable(
                name: "notification_settings",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    feed_off = table.Column<string[]>(type: "text[]", nullable: false),
                    push_off = table.Column<string[]>(type: "text[]", nullable: false),
                    quiet_from = table.Column<TimeOnly>(type: "time without time zone", nullable: true),
                    quiet_to = table.Column<TimeOnly>(type: "time without time zone", nullable: true),
                    time_zone = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_notification_settings", x => x.user_id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_feed_deeds_entry_id",
                table: "feed_deeds",
                columns: new[] { "entry_id", "occurred_at" });

            migrationBuilder.CreateIndex(
                name: "ix_feed_deeds_occurred_at",
                table: "feed_deeds",
                column: "occurred_at");

            migrationBuilder.CreateIndex(
                name: "ix_feed_entries_created_at",
                table: "feed_entries",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "ix_feed_entries_subject",
                table: "feed_entries",
                columns: new[] { "user_id", "kind", "subject_key", "seq" });

            migrationBuilder.CreateIndex(
                name: "ux_feed_entries_user_id_seq",
                table: "feed_entries",
                columns: new[] { "user_id", "seq" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_feed_events_consumed_at",
                table: "feed_events",
                column: "consumed_at");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "feed_deeds");

            migrationBuilder.DropTable(
                name: "feed_entries");

            migrationBuilder.DropTable(
                name: "feed_events");

            migrationBuilder.DropTable(
                name: "feeds");

            migrationBuilder.DropTable(
                name: "notification_settings");
        }
    }
}
