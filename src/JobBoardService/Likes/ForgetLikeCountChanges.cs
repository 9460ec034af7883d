using Explaino.JobBoardService.Data;
using Explaino.JobBoardService.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Explaino.JobBoardService.Likes;

/// <summary>Deletes the history of like counts that no reader's cursor needs any more.</summary>
internal sealed class ForgetLikeCountChanges(IServiceScopeFactory scopes, TimeProvider clock, ILogger<ForgetLikeCountChanges> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var forgotten = clock.GetUtcNow() - Standings.Patience - TimeSpan.FromMinutes(1);
                await scope.ServiceProvider.GetRequiredService<JobBoardDbContext>().LikeCountChanges
                    .Where(change => change.ChangedAt < forgotten).ExecuteDeleteAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning("The old history of like counts could not be deleted: {Reason}", e.GetBaseException().GetType().Name);
            }
        }
    }
}
