using System.Security.Claims;
using Explaino.JobBoardService.Data;
using Explaino.JobBoardService.Jobs;
using Explaino.ServiceData.Blocks;
using Explaino.ServiceData.Outbox;
using Explaino.ServiceData.People;
using Explaino.ServiceData.Postgres;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Paging;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Explaino.JobBoardService.Likes;

internal static class LikeEndpoints
{
    public static void MapLikes(this IEndpointRouteBuilder api)
    {
        var job = api.MapGroup("/jobs/{id:guid}").WithTags("Likes");
        job.MapPut("/like", Like).WithName("LikeJob").WithSummary("Like a job");
        job.MapDelete("/like", Unlike).WithName("UnlikeJob").WithSummary("Unlike a job");
        job.MapGet("/likes", List).WithName("ListLikers").WithSummary("List who likes a job, newest first");
    }

    private static async Task<Results<Ok<LikeOutcome>, ProblemHttpResult>> Like(
        Guid id, ClaimsPrincipal user, JobBoardDbContext db, OutboxSignal relay, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var attempt = await db.WriteAsActivePersonAsync(user, () => db.LikeAsync(id, user.Id(), now, cancellationToken), cancellationToken);
        relay.Wake();
        return attempt switch
        {
            { IsActive: false } => PeopleCopy.Deleted(),
            { LikeCount: null } => JobProblems.NotFound(),
            { LikedByMe: false, IsReachable: false } => JobProblems.NotReachable(),
            { LikedByMe: false } => JobProblems.Closed(),
            { LikeCount: { } count } => TypedResults.Ok(new LikeOutcome(count, LikedByMe: true)),
        };
    }

    private static async Task<Results<Ok<LikeOutcome>, ProblemHttpResult>> Unlike(
        Guid id, ClaimsPrincipal user, JobBoardDbContext db, OutboxSignal relay, TimeProvider clock, CancellationToken cancellationToken)
    {
        var outcome = await db.UnlikeAsync(id, user.Id(), clock.GetUtcNow(), cancellationToken);
        relay.Wake();
        return outcome is null ? JobProblems.NotFound() : TypedResults.Ok(outcome);
    }

    private static async Task<Results<Ok<Page<PersonResponse>>, ProblemHttpResult>> List(
        Guid id, [AsParameters] PageRequest page, ClaimsPrincipal user, JobBoardDbContext db, CancellationToken cancellationToken)
    {
        var list = $"likes {id}";
        if (!page.TryRead<LikeKey>(list, out var after, out var refusal))
        {
            return refusal;
        }

        var caller = user.Id();
        var likes = db.Likes.Where(like => like.PostId == id && !db.BlocksOf(caller).Any(block => block.BlockedId == like.UserId));
        if (after is not null)
        {
            likes = after.CreatedAt is { } createdAt
                ? likes.Where(like => EF.Functions.LessThan(ValueTuple.Create(like.CreatedAt, like.Id), ValueTuple.Create(createdAt, after.Id)))
                : likes.Where(like => like.Id < after.Id);
        }

        var rows = await likes
            .OrderByDescending(like => like.CreatedAt).ThenByDescending(like => like.Id)
            .TakePage(page)
            .Select(like => new
            {
                like.CreatedAt,
                like.Id,
                Person = new PersonResponse(
                    like.User.Id, like.User.Username, like.User.FirstName, like.User.LastName, like.User.ProfileImage, like.User.DeletedAt != null),
            })
            .ToListAsync(cancellationToken);
        if (rows.Count == 0 && !await db.JobExistsAsync(id, cancellationToken))
        {
            return JobProblems.NotFound();
        }

        var read = rows.ToPage(page, list, row => new LikeKey(row.CreatedAt, row.Id));
        return TypedResults.Ok(new Page<PersonResponse>([.. read.Items.Select(row => row.Person)], read.NextCursor));
    }

    // Version 1.0 gave out cursors without a time.
    private sealed record LikeKey(DateTimeOffset? CreatedAt, Guid Id);
}
