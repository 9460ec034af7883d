using Explaino.JobBoardService.Comments;
using Explaino.JobBoardService.Data;
using Explaino.JobBoardService.Jobs;
using Explaino.ServiceData.Postgres;
using Explaino.ServiceData.Reports;
using Explaino.ServiceFiles.Storage;
using MassTransit;

namespace Explaino.JobBoardService.Moderation;

/// <summary>Takes away what a case was decided against, with its bytes; the second time there is nothing left to take.</summary>
internal sealed class RemoveOnContentRemoved(JobBoardDbContext db, FileDisposal files) : IConsumer<ContentRemoved>
{
    public async Task Consume(ConsumeContext<ContentRemoved> context)
    {
        var (removed, cancellationToken) = (context.Message, context.CancellationToken);
        if (removed.Type == WordConversion.WordOf(ReportedType.Job))
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            await db.LockCountsAsync(removed.SubjectId, cancellationToken);
            var uploads = await db.DeletePostsAsync([removed.SubjectId], cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            await files.DiscardAsync(uploads);
        }
        else if (removed.Type == WordConversion.WordOf(ReportedType.Comment))
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            await db.LockCountsAsync(removed.ContainerId!.Value, cancellationToken);
            await db.DeleteCommentAsync(removed.SubjectId, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
    }
}
