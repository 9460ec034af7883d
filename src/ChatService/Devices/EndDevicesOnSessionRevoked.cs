using Explaino.ChatService.Data;
using Explaino.ServiceData.Sessions;
using MassTransit;

namespace Explaino.ChatService.Devices;

/// <summary>Ends a session's devices with it. On a queue that outlives the instances: a revocation that nobody heard is heard later.</summary>
internal sealed class EndDevicesOnSessionRevoked(ChatDbContext db) : IConsumer<SessionRevoked>
{
    public async Task Consume(ConsumeContext<SessionRevoked> context)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(context.CancellationToken);
        await db.EndDevicesAsync(context.Message.SessionId, context.Message.ExpiresAt, context.CancellationToken);
        await transaction.CommitAsync(context.CancellationToken);
    }
}
