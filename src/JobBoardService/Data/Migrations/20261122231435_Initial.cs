using System;
using System.Collections.Generic;
using Microsoft.EntityFrameworkCore.Migrations;
using NpgsqlTypes;

#nullable disable

namespace Explaino.JobBoardService.Data.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "idempotency_keys",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    call = table.Column<string>(type: "text", nullable: false),
                    key = table.Column<Guid>(type: "uuid", nullable: false),
                    request_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    status = table.Column<int>(type: "integer", nullable: false),
                    location = table.Column<string>(type: "text", nullable: true),
                    body = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_idempotency_keys", x => new { x.user_id, x.call, x.key });
                });

            migrationBuilder.CreateTable(
                name: "job_post_like_count_changes",
                columns: table => new
                {
                    post_id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    like_count_before = table.Column<int>(type: "integer", nullable: false),
                    changed_in = table.Column<ulong>(type: "xid8", nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_job_post_like_count_changes", x => new { x.post_id, x.version });
                });

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
                name: "job_posts",
                columns: table => new
                {
                    post_id = table.Column<Guid>(type: "uuid", nullable: false),
                    author = table.Column<Guid>(type: "uuid", nullable: false),
                    title = table.Column<string>(type: "text", nullable: false),
                    description = table.Column<string>(type: "text", nullable: false),
                    company = table.Column<string>(type: "text", nullable: true),
                    location = table.Column<string>(type: "text", nullable: true),
                    employment_type = table.Column<string>(type: "text", nullable: true),
                    workplace = table.Column<string>(type: "text", nullable: true),
                    apply_url = table.Column<string>(type: "text", nullable: true),
                    tags = table.Column<List<string>>(type: "text[]", nullable: false),
                    closes_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    search = table.Column<NpgsqlTsVector>(type: "tsvector", nullable: false, computedColumnSql: "setweight(to_tsvector('explaino', title), 'A') || setweight(to_tsvector('explaino', job_post_tag_words(tags)), 'B') || setweight(to_tsvector('explaino', coalesce(company, '')), 'C') || setweight(to_tsvector('explaino', description), 'D')", stored: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_job_posts", x => x.post_id);
                    table.ForeignKey(
                        name: "fk_job_posts_author",
                        column: x => x.author,
                        principalTable: "people",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "job_post_comments",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    post_id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    content = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_job_post_comments", x => x.id);
                    table.ForeignKey(
                        name: "fk_job_post_comments_post_id",
                        column: x => x.post_id,
                        principalTable: "job_posts",
                        principalColumn: "post_id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_job_post_comments_user_id",
                        column: x => x.user_id,
                        principalTable: "people",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "job_post_counts",
                columns: table => new
                {
                    post_id = table.Column<Guid>(type: "uuid", nullable: false),
                    like_count = table.Column<int>(type: "integer", nullable: false),
                    comment_count = table.Column<int>(type: "integer", nullable: false),
                    like_version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_job_post_counts", x => x.post_id);
                    table.CheckConstraint("ck_job_post_counts", "like_count >= 0 AND comment_count >= 0");
                    table.ForeignKey(
                        name: "fk_job_post_counts_post_id",
                        column: x => x.post_id,
                        principalTable: "job_posts",
                        principalColumn: "post_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "job_post_images",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    post_id = table.Column<Guid>(type: "uuid", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    url = table.Column<string>(type: "text", nullable: true),
                    storage_key = table.Column<Guid>(type: "uuid", nullable: true),
                    content_type = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_job_post_images", x => x.id);
                    table.CheckConstraint("ck_job_post_images_position", "position BETWEEN 0 AND 9");
                    table.CheckConstraint("ck_job_post_images_source", "num_nonnulls(url, storage_key) = 1");
                    table.ForeignKey(
                        name: "fk_job_post_images_post_id",
                        column: x => x.post_id,
                        principalTable: "job_posts",
                        principalColumn: "post_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "job_post_likes",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    post_id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_job_post_likes", x => x.id);
                    table.ForeignKey(
                        name: "fk_job_post_likes_post_id",
                        column: x => x.post_id,
                        principalTable: "job_posts",
                        principalColumn: "post_id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_job_post_likes_user_id",
                        column: x => x.user_id,
                        principalTable: "people",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_idempotency_keys_created_at",
                table: "idempotency_keys",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "ix_job_post_comments_post_id",
                table: "job_post_comments",
                columns: new[] { "post_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_job_post_comments_user_id",
                table: "job_post_comments",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ix_job_post_counts_popular",
                table: "job_post_counts",
                columns: new[] { "like_count", "post_id" });

            migrationBuilder.CreateIndex(
                name: "ux_job_post_images_post_id_position",
                table: "job_post_images",
                columns: new[] { "post_id", "position" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_job_post_images_storage_key",
                table: "job_post_images",
                column: "storage_key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_job_post_like_count_changes_changed_at",
                table: "job_post_like_count_changes",
                column: "changed_at");

            migrationBuilder.CreateIndex(
                name: "ix_job_post_like_count_changes_changed_in",
                table: "job_post_like_count_changes",
                column: "changed_in");

            migrationBuilder.CreateIndex(
                name: "ix_job_post_likes_newest",
                table: "job_post_likes",
                columns: new[] { "post_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_job_post_likes_user_id",
                table: "job_post_likes",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ux_job_post_likes_post_id_user_id",
                table: "job_post_likes",
                columns: new[] { "post_id", "user_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_job_posts_author",
                table: "job_posts",
                columns: new[] { "author", "created_at", "post_id" });

            migrationBuilder.CreateIndex(
                name: "ix_job_posts_closes_at",
                table: "job_posts",
                column: "closes_at",
                filter: "closes_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_job_posts_employment_type",
                table: "job_posts",
                columns: new[] { "employment_type", "created_at", "post_id" });

            migrationBuilder.CreateIndex(
                name: "ix_job_posts_location",
                table: "job_posts",
                column: "location")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:IndexOperators", new[] { "gin_trgm_ops" });

            migrationBuilder.CreateIndex(
                name: "ix_job_posts_newest",
                table: "job_posts",
                columns: new[] { "created_at", "post_id" });

            migrationBuilder.CreateIndex(
                name: "ix_job_posts_search",
                table: "job_posts",
                column: "search")
                .Annotation("Npgsql:IndexMethod", "gin");

            migrationBuilder.CreateIndex(
                name: "ix_job_posts_tags",
                table: "job_posts",
                column: "tags")
                .Annotation("Npgsql:IndexMethod", "gin");

            migrationBuilder.CreateIndex(
                name: "ix_job_posts_workplace",
                table: "job_posts",
                columns: new[] { "workplace", "created_at", "post_id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "idempotency_keys");

            migrationBuilder.DropTable(
                name: "job_post_comments");

            migrationBuilder.DropTable(
                name: "job_post_counts");

            migrationBuilder.DropTable(
                name: "job_post_images");

            migrationBuilder.DropTable(
                name: "job_post_like_count_changes");

            migrationBuilder.DropTable(
                name: "job_post_likes");

            migrationBuilder.DropTable(
                name: "job_posts");

            migrationBuilder.DropTable(
                name: "people");
        }
    }
}
