using Explaino.SampleService.Data;
using Explaino.SampleService.Events;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Explaino.SampleService.Samples;

/// <summary>Gives a new user their sample, once, however often and however late the event comes.</summary>
internal sealed class CreateSampleOnUserCreated(SampleDbContext db, TimeProvider clock) : IConsumer<UserCreated>
{
    public Task Consume(ConsumeContext<UserCreated> context) => db.Database.ExecuteSqlAsync(
        $"INSERT INTO samples (user_id, created_at) VALUES ({context.Message.UserId}, {clock.GetUtcNow()}) ON CONFLICT (user_id) DO NOTHING",
        context.CancellationToken);
}
