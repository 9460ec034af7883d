using System.Security.Claims;
using Explaino.JobBoardService.Data;
using Explaino.JobBoardService.Jobs;
using Explaino.ServiceData.Blocks;
using Explaino.ServiceData.Idempotency;
using Explaino.ServiceData.Moderation;
using Explaino.ServiceData.Outbox;
using Explaino.ServiceData.People;
using Explaino.ServiceData.Postgres;
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

        var comment = JobPostComment.By(user.Id(), id, request.Content!, clock.GetUtcNow());
        var flag = words.Flags(("content", comment.Content)) ? comment.Flag(comment.Content, comment.CreatedAt) : null;
        var attempt = await db.WriteAsActivePersonAsync(user, () => db.PostCommentAsync(comment, flag, cancellationToken), cancellationToken);
        relay.Wake();
        return attempt switch
        {
            { IsActive: false } => PeopleCopy.Deleted(),
            { IsOpen: null } => JobProblems.NotFound(),
            { IsReachable: false } => JobProblems.NotReachable(),
            { IsOpen: false } => JobProblems.Closed(),
            _ => TypedResults.Created($"/api/jobs/{id}/comments/{comment.Id}", CommentResponse.OfNew(comment, attempt)),
        };
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
            .TakePage(page).Select(CommentResponse.Projection).ToListAsync(cancellationToken);
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

        var comment = await db.LockCommentAsync(id, commentId, cancellationToken);
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

        if (words.Flags(("content", changed.Content)))
        {
            db.Outbox.Add(comment.Flag(changed.Content!, clock.GetUtcNow()));
            await db.SaveChangesAsync(cancellationToken);
        }

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

    // Version 1.0 gave out cursors without a time.
    private sealed record CommentKey(DateTimeOffset? CreatedAt, Guid Id);
}
