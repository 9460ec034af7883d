using Explaino.ProfileService.Data;
using Explaino.ServiceData.Blocks;
using Explaino.ServiceData.People;
using Explaino.ServiceFiles.Storage;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Explaino.ProfileService.Profiles;

/// <summary>Removes all that a deleted user had here, files too, and keeps it removed.</summary>
internal sealed class DeleteProfileOnUserDeleted(ProfileDbContext db, IFileStore files) : IConsumer<UserDeleted>
{
    public async Task Consume(ConsumeContext<UserDeleted> context)
    {
        var userId = context.Message.UserId;
        await using var transaction = await db.Database.BeginTransactionAsync(context.CancellationToken);
        await db.MarkDeletedAsync(context.Message, context.CancellationToken);

        // Before the row, unlike elsewhere: if the store is away, the redelivered event still finds the file's key.
        var keys = await db.Resumes.Where(resume => resume.UserId == userId).Select(resume => resume.FileKey).ToListAsync(context.CancellationToken);
        foreach (var key in keys)
        {
            await files.DeleteAsync(key, context.CancellationToken);
        }

        await db.DeleteBlocksAsync(userId, context.CancellationToken);
        await db.Profiles.Where(profile => profile.UserId == userId).ExecuteDeleteAsync(context.CancellationToken);
        await transaction.CommitAsync(context.CancellationToken);
    }
}
