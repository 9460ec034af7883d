using Explaino.SampleService.Data;
using Explaino.SampleService.Events;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Explaino.SampleService.Samples;

/// <summary>Takes a user's sample away for good, also where the event is here before the one that would have made it.</summary>
internal sealed class RemoveSampleOnUserDeleted(SampleDbContext db) : IConsumer<UserDeleted>
{
    public Task Consume(ConsumeContext<UserDeleted> context)
    {
        var (userId, deletedAt) = (context.Message.UserId, context.Message.DeletedAt.ToUniversalTime());
        return db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO samples (user_id, created_at, deleted_at) VALUES ({userId}, {deletedAt}, {deletedAt})
            ON CONFLICT (user_id) DO UPDATE SET created_at = excluded.created_at, deleted_at = excluded.deleted_at
            """,
            context.CancellationToken);
    }
}
