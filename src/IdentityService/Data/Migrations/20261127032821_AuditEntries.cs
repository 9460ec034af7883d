using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Explaino.IdentityService.Data.Migrations
{
    /// <summary>The audit log, to which whoever serves may only add (docs/adr/0055).</summary>
    public partial class AuditEntries : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "audit_entries",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    service = table.Column<string>(type: "text", nullable: false),
                    action = table.Column<string>(type: "text", nullable: false),
                    actor_kind = table.Column<string>(type: "text", nullable: false),
                    actor_id = table.Column<Guid>(type: "uuid", nullable: true),
                    subject_type = table.Column<string>(type: "text", nullable: true),
                    subject_id = table.Column<Guid>(type: "uuid", nullable: true),
                    outcome = table.Column<string>(type: "text", nullable: false),
                    ip = table.Column<string>(type: "text", nullable: true),
                    user_agent = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    trace_id = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_audit_entries", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_audit_entries_action",
                table: "audit_entries",
                columns: new[] { "action", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_audit_entries_actor_id",
                table: "audit_entries",
                columns: new[] { "actor_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_audit_entries_at",
                table: "audit_entries",
                column: "at")
                .Annotation("Npgsql:IndexMethod", "brin");

            migrationBuilder.CreateIndex(
                name: "ix_audit_entries_subject_id",
                table: "audit_entries",
                columns: new[] { "subject_id", "id" });

            migrationBuilder.Sql(
                """
                CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    RAISE EXCEPTION 'The audit log is only ever added to: no % of %.', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
                END $$;

                CREATE TRIGGER tr_audit_entries_immutable
                    BEFORE UPDATE OF id, at, service, action, actor_kind, actor_id, subject_type, subject_id, outcome, trace_id OR TRUNCATE ON audit_entries
                    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
                -- Where somebody was may be forgotten, never reworded; what is old may go.
                CREATE TRIGGER tr_audit_entries_addresses BEFORE UPDATE OF ip, user_agent ON audit_entries
                    FOR EACH ROW WHEN (NEW.ip IS NOT NULL OR NEW.user_agent IS NOT NULL) EXECUTE FUNCTION refuse_audit_change();
                CREATE TRIGGER tr_audit_entries_age BEFORE DELETE ON audit_entries
                    FOR EACH ROW WHEN (OLD.at > now() - interval '400 days') EXECUTE FUNCTION refuse_audit_change();

                -- What whoever serves may have done, as the owner, and nothing else.
                CREATE FUNCTION delete_old_audit_entries() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
                    DELETE FROM audit_entries WHERE at <= now() - interval '400 days';
                $$;

                CREATE FUNCTION forget_audited_addresses(gone uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
                BEGIN
                    IF EXISTS (SELECT FROM users WHERE id = gone) THEN
                        RAISE EXCEPTION 'The user is still there.' USING ERRCODE = 'restrict_violation';
                    END IF;
                    UPDATE audit_entries SET ip = NULL, user_agent = NULL
                    WHERE (actor_id = gone OR (subject_id = gone AND actor_id IS NULL AND actor_kind = 'user')) AND (ip IS NOT NULL OR user_agent IS NOT NULL);
                END $$;

                REVOKE ALL ON FUNCTION delete_old_audit_entries(), forget_audited_addresses(uuid) FROM PUBLIC;
                DO $$
                DECLARE role regrole;
                BEGIN
                    FOR role IN
                        SELECT DISTINCT rights.grantee FROM pg_class, aclexplode(relacl) AS rights
                        WHERE pg_class.oid = 'audit_entries'::regclass AND rights.grantee NOT IN (0, relowner)
                    LOOP
                        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON audit_entries FROM %s', role);
                        EXECUTE format('GRANT EXECUTE ON FUNCTION delete_old_audit_entries(), forget_audited_addresses(uuid) TO %s', role);
                    END LOOP;
                END $$;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP FUNCTION delete_old_audit_entries(), forget_audited_addresses(uuid);");
            migrationBuilder.DropTable(
                name: "audit_entries");
            migrationBuilder.Sql("DROP FUNCTION refuse_audit_change();");
        }
    }
}
