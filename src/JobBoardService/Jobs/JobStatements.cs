using Explaino.JobBoardService.Data;
using Explaino.ServiceData.Outbox;
using Explaino.ServiceData.People;
using Microsoft.EntityFrameworkCore;

namespace Explaino.JobBoardService.Jobs;

/// <summary>What a new post found: its author as they are shown.</summary>
internal sealed record PostAttempt(bool IsActive, string? Username, string? FirstName, string? LastName, string? ProfileImage) : IWriteOfPerson;

/// <summary>Writes, locks and removes posts, for all features that belong to them.</summary>
internal static class JobStatements
{
    /// <summary>Writes a post with its counts and links in one round trip, and the event for a moderator with them. Locks the person who writes.</summary>
    /// <param name="flag">The event for a moderator, if the post has one of the operator's terms.</param>
    public static async Task<PostAttempt> PostAsync(this JobBoardDbContext db, JobPost post, OutboxMessage? flag, CancellationToken cancellationToken)
    {
        var (images, positions, urls) = (post.Images.Select(image => image.Id).ToArray(), post.Images.Select(image => image.Position).ToArray(), post.Images.Select(image => image.Url).ToArray());
        var written = await db.Database.SqlQuery<PostAttempt>(
            $"""
            WITH person AS (
                SELECT id, username, first_name, last_name, profile_image FROM people WHERE id = {post.AuthorId} AND deleted_at IS NULL FOR SHARE),
            post AS (
                INSERT INTO job_posts (post_id, author, title, description, company, location, employment_type, workplace, apply_url, tags, closes_at, created_at, updated_at)
                SELECT {post.Id}, id, {post.Title}, {post.Description}, {post.Company}::text, {post.Location}::text, {post.EmploymentType?.ToString()}::text,
                    {post.Workplace?.ToString()}::text, {post.ApplyUrl}::text, {post.Tags}, {post.ClosesAt}::timestamptz, {post.CreatedAt}, {post.UpdatedAt} FROM person
                RETURNING post_id),
            counts AS (
                INSERT INTO job_post_counts (post_id, like_count, comment_count, like_version) SELECT post_id, 0, 0, 0 FROM post),
            images AS (
                INSERT INTO job_post_images (id, post_id, position, url, created_at)
                SELECT image.id, post_id, image.position, image.url, {post.CreatedAt} FROM post, unnest({images}, {positions}, {urls}) AS image (id, position, url)),
            flagged AS (
                INSERT INTO outbox_messages (id, name, payload, user_id, trace_parent, created_at, attempts)
                SELECT {flag?.Id}::uuid, {flag?.Name}, {flag?.Payload}::jsonb, {post.AuthorId}, {flag?.TraceParent}, {post.CreatedAt}, 0 FROM post WHERE {flag is not null})
            SELECT person.id IS NOT NULL AS "IsActive",
                username AS "Username", first_name AS "FirstName", last_name AS "LastName", profile_image AS "ProfileImage"
            FROM (SELECT) AS always LEFT JOIN person ON true
            """).ToListAsync(cancellationToken);
        return written.Single();
    }

    /// <summary>See <see cref="JobPostCounts"/>: first of all locks but that of the person.</summary>
    public static Task LockCountsAsync(this JobBoardDbContext db, Guid id, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"SELECT FROM job_post_counts WHERE post_id = {id} FOR UPDATE", cancellationToken);

    /// <summary>The post with its images, held until the transaction ends.</summary>
    /// <remarks>Two statements: one would join the row that it waited for with the images from before the wait.</remarks>
    public static async Task<JobPost?> LockPostAsync(this JobBoardDbContext db, Guid id, CancellationToken cancellationToken)
    {
        var post = await db.Posts.FromSql($"SELECT * FROM job_posts WHERE post_id = {id} FOR NO KEY UPDATE").SingleOrDefaultAsync(cancellationToken);
        if (post is not null)
        {
            await db.Images.Where(image => image.PostId == id).LoadAsync(cancellationToken);
        }

        return post;
    }

    /// <summary>Removes posts, whose counts are locked, with all that belongs to them.</summary>
    /// <returns>The files to delete once this is committed.</returns>
    public static async Task<List<Guid>> DeletePostsAsync(this JobBoardDbContext db, Guid[] ids, CancellationToken cancellationToken)
    {
        // An upload under way either adds its row before, or finds no post afterwards.
        await db.Database.ExecuteSqlAsync($"SELECT FROM job_posts WHERE post_id = ANY ({ids}) ORDER BY post_id FOR UPDATE", cancellationToken);
        var uploads = await db.Images
            .Where(image => ids.Contains(image.PostId) && image.StorageKey != null)
            .Select(image => image.StorageKey!.Value)
            .ToListAsync(cancellationToken);
        await db.Posts.Where(post => ids.Contains(post.Id)).ExecuteDeleteAsync(cancellationToken);
        return uploads;
    }
}
