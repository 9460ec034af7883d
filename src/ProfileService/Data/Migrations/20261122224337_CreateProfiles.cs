using System;
using Microsoft.EntityFrameworkCore.Migrations;
using NpgsqlTypes;

#nullable disable

#pragma warning disable CA1814 // Prefer jagged arrays over multidimensional

namespace Explaino.ProfileService.Data.Migrations
{
    /// <inheritdoc />
    public partial class CreateProfiles : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "people",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    username = table.Column<string>(type: "text", nullable: true),
                    first_name = table.Column<string>(type: "text", nullable: true),
                    last_name = table.Column<string>(type: "text", nullable: true),
                    bio = table.Column<string>(type: "text", nullable: true),
                    profile_image = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    deleted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_people", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "specializations",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    description = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    name_key = table.Column<string>(type: "text", nullable: true, computedColumnSql: "lower(name COLLATE \"und-x-icu\")", stored: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_specializations", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "profiles",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    about = table.Column<string>(type: "text", nullable: true),
                    headline = table.Column<string>(type: "text", nullable: true),
                    location = table.Column<string>(type: "text", nullable: true),
                    current_company = table.Column<string>(type: "text", nullable: true),
                    current_role = table.Column<string>(type: "text", nullable: true),
                    linkedin_url = table.Column<string>(type: "text", nullable: true),
                    github_url = table.Column<string>(type: "text", nullable: true),
                    portfolio_url = table.Column<string>(type: "text", nullable: true),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_profiles", x => x.user_id);
                    table.ForeignKey(
                        name: "fk_profiles_people",
                        column: x => x.user_id,
                        principalTable: "people",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "search_documents",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    words = table.Column<NpgsqlTsVector>(type: "tsvector", nullable: false),
                    company = table.Column<NpgsqlTsVector>(type: "tsvector", nullable: false),
                    location = table.Column<NpgsqlTsVector>(type: "tsvector", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_search_documents", x => x.user_id);
                    table.ForeignKey(
                        name: "fk_search_documents_people",
                        column: x => x.user_id,
                        principalTable: "people",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "certificates",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    title = table.Column<string>(type: "text", nullable: false),
                    issuer = table.Column<string>(type: "text", nullable: false),
                    issue_date = table.Column<DateOnly>(type: "date", nullable: false),
                    certificate_url = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_certificates", x => x.id);
                    table.ForeignKey(
                        name: "fk_certificates_profiles",
                        column: x => x.user_id,
                        principalTable: "profiles",
                        principalColumn: "user_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "resume",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    file_key = table.Column<Guid>(type: "uuid", nullable: false),
                    file_name = table.Column<string>(type: "text", nullable: false),
                    content_type = table.Column<string>(type: "text", nullable: false),
                    size = table.Column<long>(type: "bigint", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    uploaded_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_resume", x => x.id);
                    table.ForeignKey(
                        name: "fk_resume_profiles",
                        column: x => x.user_id,
                        principalTable: "profiles",
                        principalColumn: "user_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "user_certifications",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    position = table.Column<short>(type: "smallint", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    issuer = table.Column<string>(type: "text", nullable: true),
                    issued_on = table.Column<DateOnly>(type: "date", nullable: true),
                    expires_on = table.Column<DateOnly>(type: "date", nullable: true),
                    url = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_user_certifications", x => x.id);
                    table.CheckConstraint("ck_user_certifications_position", "position >= 0 AND position < 100");
                    table.ForeignKey(
                        name: "fk_user_certifications_profiles",
                        column: x => x.user_id,
                        principalTable: "profiles",
                        principalColumn: "user_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "user_communication_skills",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name_key = table.Column<string>(type: "text", nullable: true, computedColumnSql: "lower(name COLLATE \"und-x-icu\")", stored: true),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    position = table.Column<short>(type: "smallint", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_user_communication_skills", x => x.id);
                    table.CheckConstraint("ck_user_communication_skills_position", "position >= 0 AND position < 100");
                    table.ForeignKey(
                        name: "fk_user_communication_skills_profiles",
                        column: x => x.user_id,
                        principalTable: "profiles",
                        principalColumn: "user_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "user_education",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    position = table.Column<short>(type: "smallint", nullable: false),
                    institution = table.Column<string>(type: "text", nullable: false),
                    degree = table.Column<string>(type: "text", nullable: true),
                    field_of_study = table.Column<string>(type: "text", nullable: true),
                    start_date = table.Column<DateOnly>(type: "date", nullable: true),
                    end_date = table.Column<DateOnly>(type: "date", nullable: true),
                    description = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_user_education", x => x.id);
                    table.CheckConstraint("ck_user_education_position", "position >= 0 AND position < 100");
                    table.ForeignKey(
                        name: "fk_user_education_profiles",
                        column: x => x.user_id,
                        principalTable: "profiles",
                        principalColumn: "user_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "user_experience",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    position = table.Column<short>(type: "smallint", nullable: false),
                    company = table.Column<string>(type: "text", nullable: false),
                    title = table.Column<string>(type: "text", nullable: false),
                    location = table.Column<string>(type: "text", nullable: true),
                    start_date = table.Column<DateOnly>(type: "date", nullable: true),
                    end_date = table.Column<DateOnly>(type: "date", nullable: true),
                    description = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_user_experience", x => x.id);
                    table.CheckConstraint("ck_user_experience_position", "position >= 0 AND position < 100");
                    table.ForeignKey(
                        name: "fk_user_experience_profiles",
                        column: x => x.user_id,
                        principalTable: "profiles",
                        principalColumn: "user_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "user_frameworks",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name_key = table.Column<string>(type: "text", nullable: true, computedColumnSql: "lower(name COLLATE \"und-x-icu\")", stored: true),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    position = table.Column<short>(type: "smallint", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_user_frameworks", x => x.id);
                    table.CheckConstraint("ck_user_frameworks_position", "position >= 0 AND position < 100");
                    table.ForeignKey(
                        name: "fk_user_frameworks_profiles",
                        column: x => x.user_id,
                        principalTable: "profiles",
                        principalColumn: "user_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "user_hobbies",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name_key = table.Column<string>(type: "text", nullable: true, computedColumnSql: "lower(name COLLATE \"und-x-icu\")", stored: true),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    position = table.Column<short>(type: "smallint", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_user_hobbies", x => x.id);
                    table.CheckConstraint("ck_user_hobbies_position", "position >= 0 AND position < 100");
                    table.ForeignKey(
                        name: "fk_user_hobbies_profiles",
                        column: x => x.user_id,
                        principalTable: "profiles",
                        principalColumn: "user_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "user_internships",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    position = table.Column<short>(type: "smallint", nullable: false),
                    company = table.Column<string>(type: "text", nullable: false),
                    title = table.Column<string>(type: "text", nullable: false),
                    location = table.Column<string>(type: "text", nullable: true),
                    start_date = table.Column<DateOnly>(type: "date", nullable: true),
                    end_date = table.Column<DateOnly>(type: "date", nullable: true),
                    description = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_user_internships", x => x.id);
                    table.CheckConstraint("ck_user_internships_position", "position >= 0 AND position < 100");
                    table.ForeignKey(
                        name: "fk_user_internships_profiles",
                        column: x => x.user_id,
                        principalTable: "profiles",
                        principalColumn: "user_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "user_languages",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name_key = table.Column<string>(type: "text", nullable: true, computedColumnSql: "lower(name COLLATE \"und-x-icu\")", stored: true),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    position = table.Column<short>(type: "smallint", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_user_languages", x => x.id);
                    table.CheckConstraint("ck_user_languages_position", "position >= 0 AND position < 100");
                    table.ForeignKey(
                        name: "fk_user_languages_profiles",
                        column: x => x.user_id,
                        principalTable: "profiles",
                        principalColumn: "user_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "user_projects",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    position = table.Column<short>(type: "smallint", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    description = table.Column<string>(type: "text", nullable: true),
                    url = table.Column<string>(type: "text", nullable: true),
                    start_date = table.Column<DateOnly>(type: "date", nullable: true),
                    end_date = table.Column<DateOnly>(type: "date", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_user_projects", x => x.id);
                    table.CheckConstraint("ck_user_projects_position", "position >= 0 AND position < 100");
                    table.ForeignKey(
                        name: "fk_user_projects_profiles",
                        column: x => x.user_id,
                        principalTable: "profiles",
                        principalColumn: "user_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "user_skills",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name_key = table.Column<string>(type: "text", nullable: true, computedColumnSql: "lower(name COLLATE \"und-x-icu\")", stored: true),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    position = table.Column<short>(type: "smallint", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_user_skills", x => x.id);
                    table.CheckConstraint("ck_user_skills_position", "position >= 0 AND position < 100");
                    table.ForeignKey(
                        name: "fk_user_skills_profiles",
                        column: x => x.user_id,
                        principalTable: "profiles",
                        principalColumn: "user_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "user_soft_skills",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name_key = table.Column<string>(type: "text", nullable: true, computedColumnSql: "lower(name COLLATE \"und-x-icu\")", stored: true),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    position = table.Column<short>(type: "smallint", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_user_soft_skills", x => x.id);
                    table.CheckConstraint("ck_user_soft_skills_position", "position >= 0 AND position < 100");
                    table.ForeignKey(
                        name: "fk_user_soft_skills_profiles",
                        column: x => x.user_id,
                        principalTable: "profiles",
                        principalColumn: "user_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "user_specializations",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    specialization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    added_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_user_specializations", x => x.id);
                    table.ForeignKey(
                        name: "fk_user_specializations_profiles",
                        column: x => x.user_id,
                        principalTable: "profiles",
                        principalColumn: "user_id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_user_specializations_specializations",
                        column: x => x.specialization_id,
                        principalTable: "specializations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "user_tech_stack",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name_key = table.Column<string>(type: "text", nullable: true, computedColumnSql: "lower(name COLLATE \"und-x-icu\")", stored: true),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    position = table.Column<short>(type: "smallint", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_user_tech_stack", x => x.id);
                    table.CheckConstraint("ck_user_tech_stack_position", "position >= 0 AND position < 100");
                    table.ForeignKey(
                        name: "fk_user_tech_stack_profiles",
                        column: x => x.user_id,
                        principalTable: "profiles",
                        principalColumn: "user_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.InsertData(
                table: "specializations",
                columns: new[] { "id", "created_at", "description", "name", "updated_at" },
                values: new object[,]
                {
                    { new Guid("019b76da-a800-7000-8000-000000000001"), new DateTimeOffset(new DateTime(2026, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null, "Back-end development", new DateTimeOffset(new DateTime(2026, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)) },
                    { new Guid("019b76da-a800-7000-8000-000000000002"), new DateTimeOffset(new DateTime(2026, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null, "Front-end development", new DateTimeOffset(new DateTime(2026, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)) },
                    { new Guid("019b76da-a800-7000-8000-000000000003"), new DateTimeOffset(new DateTime(2026, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null, "Mobile development", new DateTimeOffset(new DateTime(2026, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)) },
                    { new Guid("019b76da-a800-7000-8000-000000000004"), new DateTimeOffset(new DateTime(2026, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null, "Data science", new DateTimeOffset(new DateTime(2026, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)) },
                    { new Guid("019b76da-a800-7000-8000-000000000005"), new DateTimeOffset(new DateTime(2026, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null, "Machine learning", new DateTimeOffset(new DateTime(2026, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)) },
                    { new Guid("019b76da-a800-7000-8000-000000000006"), new DateTimeOffset(new DateTime(2026, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null, "Artificial intelligence", new DateTimeOffset(new DateTime(2026, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)) },
                    { new Guid("019b76da-a800-7000-8000-000000000007"), new DateTimeOffset(new DateTime(2026, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null, "Cybersecurity", new DateTimeOffset(new DateTime(2026, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)) },
                    { new Guid("019b76da-a800-7000-8000-000000000008"), new DateTimeOffset(new DateTime(2026, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null, "Cloud computing", new DateTimeOffset(new DateTime(2026, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)) },
                    { new Guid("019b76da-a800-7000-8000-000000000009"), new DateTimeOffset(new DateTime(2026, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null, "DevOps", new DateTimeOffset(new DateTime(2026, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)) },
                    { new Guid("019b76da-a800-7000-8000-000000000010"), new DateTimeOffset(new DateTime(2026, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null, "Databases", new DateTimeOffset(new DateTime(2026, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)) }
                });

            migrationBuilder.CreateIndex(
                name: "ix_certificates_issue_date",
                table: "certificates",
                column: "issue_date");

            migrationBuilder.CreateIndex(
                name: "ix_certificates_user_id",
                table: "certificates",
                columns: new[] { "user_id", "issue_date", "id" });

            migrationBuilder.CreateIndex(
                name: "ux_resume_file_key",
                table: "resume",
                column: "file_key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_resume_user_id",
                table: "resume",
                column: "user_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_search_documents_words",
                table: "search_documents",
                columns: new[] { "words", "company", "location" })
                .Annotation("Npgsql:IndexMethod", "gin");

            migrationBuilder.CreateIndex(
                name: "ux_specializations_name",
                table: "specializations",
                column: "name_key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_user_certifications_position",
                table: "user_certifications",
                columns: new[] { "user_id", "position" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_user_communication_skills_name",
                table: "user_communication_skills",
                columns: new[] { "user_id", "name_key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_user_communication_skills_position",
                table: "user_communication_skills",
                columns: new[] { "user_id", "position" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_user_education_position",
                table: "user_education",
                columns: new[] { "user_id", "position" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_user_experience_position",
                table: "user_experience",
                columns: new[] { "user_id", "position" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_user_frameworks_name",
                table: "user_frameworks",
                columns: new[] { "user_id", "name_key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_user_frameworks_position",
                table: "user_frameworks",
                columns: new[] { "user_id", "position" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_user_hobbies_name",
                table: "user_hobbies",
                columns: new[] { "user_id", "name_key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_user_hobbies_position",
                table: "user_hobbies",
                columns: new[] { "user_id", "position" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_user_internships_position",
                table: "user_internships",
                columns: new[] { "user_id", "position" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_user_languages_name",
                table: "user_languages",
                columns: new[] { "user_id", "name_key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_user_languages_position",
                table: "user_languages",
                columns: new[] { "user_id", "position" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_user_projects_position",
                table: "user_projects",
                columns: new[] { "user_id", "position" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_user_skills_name",
                table: "user_skills",
                columns: new[] { "user_id", "name_key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_user_skills_position",
                table: "user_skills",
                columns: new[] { "user_id", "position" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_user_soft_skills_name",
                table: "user_soft_skills",
                columns: new[] { "user_id", "name_key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_user_soft_skills_position",
                table: "user_soft_skills",
                columns: new[] { "user_id", "position" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_user_specializations_specialization_id",
                table: "user_specializations",
                columns: new[] { "specialization_id", "user_id" });

            migrationBuilder.CreateIndex(
                name: "ux_user_specializations_user_id_specialization_id",
                table: "user_specializations",
                columns: new[] { "user_id", "specialization_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_user_tech_stack_name",
                table: "user_tech_stack",
                columns: new[] { "user_id", "name_key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_user_tech_stack_position",
                table: "user_tech_stack",
                columns: new[] { "user_id", "position" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "certificates");

            migrationBuilder.DropTable(
                name: "resume");

            migrationBuilder.DropTable(
                name: "search_documents");

            migrationBuilder.DropTable(
                name: "user_certifications");

            migrationBuilder.DropTable(
                name: "user_communication_skills");

            migrationBuilder.DropTable(
                name: "user_education");

            migrationBuilder.DropTable(
                name: "user_experience");

            migrationBuilder.DropTable(
                name: "user_frameworks");

            migrationBuilder.DropTable(
                name: "user_hobbies");

            migrationBuilder.DropTable(
                name: "user_internships");

            migrationBuilder.DropTable(
                name: "user_languages");

            migrationBuilder.DropTable(
                name: "user_projects");

            migrationBuilder.DropTable(
                name: "user_skills");

            migrationBuilder.DropTable(
                name: "user_soft_skills");

            migrationBuilder.DropTable(
                name: "user_specializations");

            migrationBuilder.DropTable(
                name: "user_tech_stack");

            migrationBuilder.DropTable(
                name: "specializations");

            migrationBuilder.DropTable(
                name: "profiles");

            migrationBuilder.DropTable(
                name: "people");
        }
    }
}
