using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Explaino.ServiceData.Outbox;

/// <summary>An operator's way to events that were set aside: <c>outbox list</c>, and <c>outbox retry</c> once the cause is mended.</summary>
internal static class OutboxVerb
{
    public static async Task<int> RunAsync<TContext>(IServiceProvider services, string[] arguments, CancellationToken cancellationToken) where TContext : DbContext
    {
        var setAside = services.GetRequiredService<TContext>().Set<OutboxMessage>().Where(message => message.SetAsideAt != null && message.SentAt == null);
        switch (arguments)
        {
            case ["list"]:
                await foreach (var message in setAside.OrderBy(message => message.Id).AsNoTracking().AsAsyncEnumerable().WithCancellation(cancellationToken))
                {
                    Console.WriteLine($"{message.Id}  {message.Name,-20} {message.CreatedAt:u}  {message.Attempts} attempts  {message.LastError}");
                }

                return 0;

            case ["retry"]:
                return await RetryAsync(setAside, cancellationToken);

            case ["retry", var text] when Guid.TryParse(text, out var id):
                return await RetryAsync(setAside.Where(message => message.Id == id), cancellationToken);

            default:
                await Console.Error.WriteLineAsync("usage: outbox list | outbox retry [id]");
                return 2;
        }
    }

    private static async Task<int> RetryAsync(IQueryable<OutboxMessage> messages, CancellationToken cancellationToken)
    {
        var count = await messages.ExecuteUpdateAsync(
            update => update
                .SetProperty(message => message.SetAsideAt, (DateTimeOffset?)null)
                .SetProperty(message => message.Attempts, 0),
            cancellationToken);
        Console.WriteLine($"{count} to be published again.");
        return 0;
    }
}
