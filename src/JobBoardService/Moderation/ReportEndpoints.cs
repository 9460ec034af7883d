using System.Security.Claims;
using Explaino.JobBoardService.Comments;
using Explaino.JobBoardService.Data;
using Explaino.JobBoardService.Jobs;
using Explaino.ServiceData.People;
using Explaino.ServiceData.Reports;
using Explaino.ServiceDefaults.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Explaino.JobBoardService.Moderation;

internal static class ReportEndpoints
{
    private const string Service = "jobs";

    public static void MapReports(this IEndpointRouteBuilder api)
    {
        var job = api.MapGroup("/jobs/{id:guid}").WithTags("Reports");
        job.MapPost("/reports", ReportJob).WithName(nameof(ReportJob)).WithSummary("Report a job");
        job.MapPost("/comments/{commentId:guid}/reports", ReportComment).WithName(nameof(ReportComment)).WithSummary("Report a comment");
    }

    private static async Task<Results<Accepted<ReportResponse>, Ok<ReportResponse>, ProblemHttpResult>> ReportJob(
        Guid id, ReportRequest request, ClaimsPrincipal user, JobBoardDbContext db, PublicAddress address, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.LockActivePersonAsync(user, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        if (await db.ReadJobAsync(id, user, address, cancellationToken) is not { } job)
        {
            return JobProblems.NotFound();
        }

        var snapshot = new ContentSnapshot(job.Title, job.Description, [.. job.Images.Select(image => image.Url)], [], job.CreatedAt);
        return await db.TakeReportAsync(user.Id(), request, new(Service, ReportedType.Job, id, null, job.Author.Id, snapshot), clock, cancellationToken);
    }

    private static async Task<Results<Accepted<ReportResponse>, Ok<ReportResponse>, ProblemHttpResult>> ReportComment(
        Guid id, Guid commentId, ReportRequest request, ClaimsPrincipal user, JobBoardDbContext db, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.LockActivePersonAsync(user, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var comment = await db.Comments.AsNoTracking().SingleOrDefaultAsync(comment => comment.Id == commentId && comment.PostId == id, cancellationToken);
        if (comment is null)
        {
            return CommentEndpoints.NotFound();
        }

        var snapshot = new ContentSnapshot(null, comment.Content, [], [], comment.CreatedAt);
        return await db.TakeReportAsync(user.Id(), request, new(Service, ReportedType.Comment, commentId, id, comment.UserId, snapshot), clock, cancellationToken);
    }
}
