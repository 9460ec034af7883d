using System.Security.Claims;
using Explaino.JobBoardService.Data;
using Explaino.JobBoardService.Events;
using Explaino.JobBoardService.Jobs;
using Explaino.ServiceData.Blocks;
using Explaino.ServiceData.Idempotency;
using Explaino.ServiceData.Moderation;
using Explaino.ServiceData.Outbox;
using Explaino.ServiceData.People;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Http;
using Explaino.ServiceDefaults.Json;
using Explaino.ServiceDefaults.Paging;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Explaino.JobBoardService.Comments;

internal static class CommentEndpoints
{
    public static void MapComments(this IEndpointRouteBuilder api)
    {
        var comments = api.MapGroup("/jobs/{id:guid}/comments").WithTags("Comments");
        comments.MapPost("/", Post).WithName("PostComment").WithSummary("Comment on a job").ForVerifiedPeople().WithIdempotency<JobBoardDbContext>();
        comments.MapGet("/", List).WithName("ListComments").WithSummary("List the comments on a job, oldest first");
        comments.MapGet("/{commentId:guid}", Get).WithName("GetComment").WithSummary("Get a comment").WithETag();
        comments.MapPatch("/{commentId:guid}", Change).WithName("ChangeComment").WithSummary("Change your own comment").ForVerifiedPeople().HonoursIfMatch();
        comments.MapDelete("/{commentId:guid}", Delete).WithName("DeleteComment")
            .WithSummary("Delete your own comment; the job's author and admins: any").HonoursIfMatch();
    }

    private static async Task<Results<Created<CommentResponse>, ProblemHttpResult>> Post(
        Guid id, CommentRequest request, ClaimsPrincipal user, JobBoardDbContext db, OutboxSignal relay, ContentTerms words, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if (words.Refuse(("content", request.Content)) is { } notAllowed)
        {
            return notAllowed;
        }

        await using var transaction = await db.Database.BeginUnlessBegunAsync(cancellationToken);
        if (await db.LockActivePersonAsync(user, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var now = clock.GetUtcNow();
        var commentId = Guid.CreateVersion7(now);
        var told = PersonNotified.ToAuthor("job_comment", id, user.Id(), now);
        var posts = await db.Database.SqlQuery<CommentedPost>(
            $"""
            WITH post AS (
                SELECT c.post_id, p.author, p.title, p.closes_at IS NULL OR p.closes_at > {now} AS is_open, NOT EXISTS (
                    SELECT FROM blocks WHERE is_active AND (blocker_id, blocked_id) IN ((p.author, {user.Id()}), ({user.Id()}, p.author))) AS is_reachable
                FROM job_post_counts c JOIN job_posts p USING (post_id)
                WHERE c.post_id = {id} FOR UPDATE OF c),
            written AS (
                INSERT INTO job_post_comments (id, post_id, user_id, content, created_at, updated_at)
                SELECT {commentId}, post_id, {user.Id()}, {request.Content}, {now}, {now} FROM post WHERE is_open AND is_reachable
                RETURNING post_id),
            counted AS (
                UPDATE job_post_counts c SET comment_count = c.comment_count + 1 FROM written WHERE c.post_id = written.post_id),
            told AS (
                INSERT INTO outbox_messages (id, name, payload, user_id, trace_parent, created_at, attempts)
                SELECT {told.Id}, {told.Name}, {told.Payload}::jsonb || jsonb_build_object('recipientId', author, 'params', jsonb_build_object('title', title)),
                    author, {told.TraceParent}, {told.CreatedAt}, 0
                FROM post JOIN written USING (post_id) WHERE author <> {user.Id()})
            SELECT is_open AS "IsOpen", is_reachable AS "IsReachable" FROM post
            """).ToListAsync(cancellationToken);
        if (posts is not [{ IsOpen: true, IsReachable: true }])
        {
            return posts is not [var post] ? JobProblems.NotFound() : post.IsReachable ? JobProblems.Closed() : JobProblems.NotReachable();
        }

        await db.FlagCommentAsync(words, request.Content!, commentId, id, user.Id(), clock, cancellationToken);
        var comment = await db.Comments.Where(comment => comment.Id == commentId).Select(CommentResponse.Projection).SingleAsync(cancellationToken);
        await transaction.CommitIfOwnAsync(cancellationToken);
        relay.Wake();
        return TypedResults.Created($"/api/jobs/{id}/comments/{commentId}", comment);
    }

    private static async Task<Results<Ok<Page<CommentResponse>>, ProblemHttpResult>> List(
        Guid id, [AsParameters] PageRequest page, ClaimsPrincipal user, JobBoardDbContext db, CancellationToken cancellationToken)
    {
        var list = $"comments {id}";
        if (!page.TryRead<CommentKey>(list, out var after, out var refusal))
        {
            return refusal;
        }

        var caller = user.Id();
        var comments = db.Comments.Where(comment => comment.PostId == id && !db.BlocksOf(caller).Any(block => block.BlockedId == comment.UserId));
        if (after is not null)
        {
            comments = after.CreatedAt is { } createdAt
                ? comments.Where(comment => EF.Functions.GreaterThan(ValueTuple.Create(comment.CreatedAt, comment.Id), ValueTuple.Create(createdAt, after.Id)))
                : comments.Where(comment => comment.Id > after.Id);
        }

        var rows = await comments.OrderBy(comment => comment.CreatedAt).ThenBy(comment => comment.Id)
            .Take(page.Size + 1).Select(CommentResponse.Projection).ToListAsync(cancellationToken);
        return rows.Count == 0 && !await db.JobExistsAsync(id, cancellationToken)
            ? JobProblems.NotFound()
            : TypedResults.Ok(rows.ToPage(page, list, comment => new CommentKey(comment.CreatedAt, comment.Id)));
    }

    private static async Task<Results<Ok<CommentResponse>, ProblemHttpResult>> Get(
        Guid id, Guid commentId, JobBoardDbContext db, CancellationToken cancellationToken) =>
        await db.Comments.Where(comment => comment.Id == commentId && comment.PostId == id).Select(CommentResponse.Projection)
            .SingleOrDefaultAsync(cancellationToken) is { } comment
            ? TypedResults.Ok(comment)
            : NotFound();

    private static async Task<Results<Ok<CommentResponse>, ProblemHttpResult>> Change(
        Guid id,
        Guid commentId,
        MergePatch<CommentRequest> patch,
        HttpRequest http,
        ClaimsPrincipal user,
        JobBoardDbContext db,
        MergePatcher patcher,
        ContentTerms words,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.LockActivePersonAsync(user, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var comment = await db.Comments
            .FromSql($"SELECT * FROM job_post_comments WHERE id = {commentId} AND post_id = {id} FOR NO KEY UPDATE")
            .SingleOrDefaultAsync(cancellationToken);
        if (comment is null)
        {
            return NotFound();
        }

        if (comment.UserId != user.Id())
        {
            return JobProblems.NotTheAuthor();
        }

        if (http.HasPrecondition() && http.ForbidsChange(await ReadAsync(db, commentId, cancellationToken)))
        {
            return Problems.PreconditionFailed();
        }

        if ((await patcher.ApplyAsync(patch, new CommentRequest(comment.Content), cancellationToken)).IsProblem(out var invalid, out var changed))
        {
            return invalid;
        }

        if (words.Refuse(("content", changed.Content)) is { } notAllowed)
        {
            return notAllowed;
        }

        if (changed.Content != comment.Content && !await db.TryChangeCommentAsync(comment, changed.Content!, clock.GetUtcNow(), cancellationToken))
        {
            return JobProblems.NotReachable();
        }

        await db.FlagCommentAsync(words, changed.Content!, commentId, id, comment.UserId, clock, cancellationToken);
        var response = await ReadAsync(db, commentId, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(response);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        Guid id, Guid commentId, HttpRequest http, ClaimsPrincipal user, JobBoardDbContext db, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.LockCountsAsync(id, cancellationToken);
        var comment = await db.Comments.AsNoTracking().SingleOrDefaultAsync(
            comment => comment.Id == commentId && comment.PostId == id, cancellationToken);
        if (comment is null)
        {
            return NotFound();
        }

        var mayDelete = comment.UserId == user.Id() || user.IsAdmin()
            || await db.Posts.AnyAsync(post => post.Id == id && post.AuthorId == user.Id(), cancellationToken);
        if (!mayDelete)
        {
            return JobProblems.NotTheAuthor();
        }

        if (http.HasPrecondition() && http.ForbidsChange(await ReadAsync(db, commentId, cancellationToken)))
        {
            return Problems.PreconditionFailed();
        }

        await db.DeleteCommentAsync(commentId, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static Task<CommentResponse> ReadAsync(JobBoardDbContext db, Guid commentId, CancellationToken cancellationToken) =>
        db.Comments.Where(comment => comment.Id == commentId).Select(CommentResponse.Projection).SingleAsync(cancellationToken);

    public static ProblemHttpResult NotFound() => Problems.NotFound("comment_not_found", "There is no such comment on this job.");

    private sealed record CommentedPost(bool IsOpen, bool IsReachable);

    // Version 1.0 gave out cursors without a time.
    private sealed record CommentKey(DateTimeOffset? CreatedAt, Guid Id);
}
