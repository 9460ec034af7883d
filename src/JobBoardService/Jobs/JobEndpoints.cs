using System.Security.Claims;
using Explaino.JobBoardService.Data;
using Explaino.ServiceData.Idempotency;
using Explaino.ServiceData.Moderation;
using Explaino.ServiceData.Outbox;
using Explaino.ServiceData.People;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Http;
using Explaino.ServiceDefaults.Json;
using Explaino.ServiceDefaults.Paging;
using Explaino.ServiceDefaults.Validation;
using Explaino.ServiceFiles.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.OpenApi;

namespace Explaino.JobBoardService.Jobs;

internal static class JobEndpoints
{
    public static void MapJobs(this IEndpointRouteBuilder api)
    {
        var jobs = api.MapGroup("/jobs").WithTags("Jobs");
        jobs.MapPost("/", Post).WithName("PostJob").WithSummary("Post a job").ForVerifiedPeople().WithIdempotency<JobBoardDbContext>();
        jobs.MapGet("/", List).WithName("ListJobs").WithSummary("Search and browse jobs");
        jobs.MapGet("/{id:guid}", Get).WithName("GetJob").WithSummary("Get a job; as application/ld+json a schema.org JobPosting").WithETag()
            .AddOpenApiOperationTransformer((operation, _, _) =>
            {
                operation.Responses!["200"].Content![JobPosting.MediaType] = new OpenApiMediaType { Schema = JobPostingSchema.Create() };
                return Task.CompletedTask;
            });
        jobs.MapPatch("/{id:guid}", Change).WithName("ChangeJob").WithSummary("Change your own job").ForVerifiedPeople().HonoursIfMatch();
        jobs.MapDelete("/{id:guid}", Delete).WithName("DeleteJob").WithSummary("Delete your own job; admins: any").HonoursIfMatch();
    }

    private static async Task<Results<Created<JobResponse>, ProblemHttpResult>> Post(
        JobRequest request, ClaimsPrincipal user, JobBoardDbContext db, OutboxSignal relay, PublicAddress address, ContentTerms words, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (request.ClosesAt <= now)
        {
            return ClosesInThePast();
        }

        if (words.Refuse(request.Texts()) is { } notAllowed)
        {
            return notAllowed;
        }

        var post = JobPost.By(user.Id(), now);
        request.ApplyTo(post, now);
        var flag = words.Flags(request.Texts()) ? post.Flag(now) : null;
        var attempt = await db.WriteAsActivePersonAsync(user, () => db.PostAsync(post, flag, cancellationToken), cancellationToken);
        relay.Wake();
        return attempt.IsActive ? TypedResults.Created($"/api/jobs/{post.Id}", JobProjection.OfNew(post, attempt, address)) : PeopleCopy.Deleted();
    }

    private static Task<Results<JobPage, ProblemHttpResult>> List(
        [AsParameters] JobFilter filter, [AsParameters] PageRequest page, ClaimsPrincipal user, JobListQueries list, CancellationToken cancellationToken) =>
        list.ReadAsync(filter, page, user.Id(), cancellationToken);

    private static async Task<Results<Ok<JobResponse>, JsonHttpResult<JobPosting>, ProblemHttpResult>> Get(
        Guid id, HttpContext http, ClaimsPrincipal user, JobBoardDbContext db, PublicAddress address, CancellationToken cancellationToken)
    {
        http.Response.Headers.Vary = "Accept";
        return await db.ReadJobAsync(id, user, address, cancellationToken) switch
        {
            null => JobProblems.NotFound(),
            var job when JobPosting.IsWanted(http.Request) => JobPosting.Answer(job, address),
            var job => TypedResults.Ok(job),
        };
    }

    private static async Task<Results<Ok<JobResponse>, ProblemHttpResult>> Change(
        Guid id,
        MergePatch<JobRequest> patch,
        HttpRequest http,
        ClaimsPrincipal user,
        JobBoardDbContext db,
        MergePatcher patcher,
        PublicAddress address,
        ContentTerms words,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.LockActivePersonAsync(user, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var post = await db.LockPostAsync(id, cancellationToken);
        if (post is null)
        {
            return JobProblems.NotFound();
        }

        if (post.AuthorId != user.Id())
        {
            return JobProblems.NotTheAuthor();
        }

        if (http.HasPrecondition() && http.ForbidsChange(await db.ReadJobAsync(id, user, address, cancellationToken)))
        {
            return Problems.PreconditionFailed();
        }

        if ((await patcher.ApplyAsync(patch, JobRequest.Of(post), cancellationToken)).IsProblem(out var invalid, out var changed))
        {
            return invalid;
        }

        if (words.Refuse(changed.Texts()) is { } notAllowed)
        {
            return notAllowed;
        }

        var now = clock.GetUtcNow();
        if (changed.ClosesAt != post.ClosesAt && changed.ClosesAt <= now)
        {
            return ClosesInThePast();
        }

        if (!changed.ApplyTo(post, now))
        {
            return JobProblems.TooManyImages();
        }

        if (db.ChangeTracker.HasChanges())
        {
            post.UpdatedAt = JobPost.Later(post.UpdatedAt, now);
            if (words.Flags(changed.Texts()))
            {
                db.Outbox.Add(post.Flag(now));
            }

            await db.SaveChangesAsync(cancellationToken);
        }

        var job = await db.ReadJobAsync(id, user, address, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(job);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        Guid id,
        HttpRequest http,
        ClaimsPrincipal user,
        JobBoardDbContext db,
        PublicAddress address,
        FileDisposal files,
        CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.LockActivePersonAsync(user, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        await db.LockCountsAsync(id, cancellationToken);
        if (await db.ReadJobAsync(id, user, address, cancellationToken) is not { } job)
        {
            return JobProblems.NotFound();
        }

        if (job.Author.Id != user.Id() && !user.IsAdmin())
        {
            return JobProblems.NotTheAuthor();
        }

        if (http.ForbidsChange(job))
        {
            return Problems.PreconditionFailed();
        }

        var uploads = await db.DeletePostsAsync([id], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await files.DiscardAsync(uploads);
        return TypedResults.NoContent();
    }

    private static ProblemHttpResult ClosesInThePast() => Problems.Invalid("closes_at", new Violation("in_the_past", "Must be in the future."));
}
