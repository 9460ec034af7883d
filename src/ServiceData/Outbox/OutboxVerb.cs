using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Explaino.ServiceData.Outbox;

/// <summary>
/// An operator's way to events: <c>outbox list</c> shows those that were set aside, <c>outbox retry</c> publishes them once the cause is mended, and <c>outbox
/// resend</c> publishes again what consumers may have lost with their database or the broker.
/// </summary>
internal static class OutboxVerb
{
    public static string? Audited(string[] arguments) => arguments switch
    {
        ["retry"] or ["retry", _] => "outbox_retry",
        ["resend", var text] when TryReadMoment(text, out _) => "outbox_resend",
        _ => null,
    };

    public static async Task<int> RunAsync<TContext>(IServiceProvider services, string[] arguments, CancellationToken cancellationToken) where TContext : DbContext
    {
        var db = services.GetRequiredService<TContext>();
        db.Database.SetCommandTimeout(TimeSpan.FromMinutes(30)); // An hour of events may be a million; a request's ten seconds are not for them.
        var outbox = db.Set<OutboxMessage>();
        var setAside = outbox.Where(message => message.SetAsideAt != null && message.SentAt == null);
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

            case ["resend", var text] when TryReadMoment(text, out var moment):
                return await ResendAsync(outbox.Where(message => message.SentAt >= moment), cancellationToken);

            default:
                await Console.Error.WriteLineAsync("usage: outbox list | outbox retry [id] | outbox resend <moment>, as 2026-11-27T14:00Z");
                return 2;
        }
    }

    private static bool TryReadMoment(string text, out DateTimeOffset moment) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out moment);

    /// <summary>The message ids stay: whoever had an event sees it as a redelivery.</summary>
    private static async Task<int> ResendAsync(IQueryable<OutboxMessage> messages, CancellationToken cancellationToken)
    {
        var count = await messages.ExecuteUpdateAsync(update => update.SetProperty(message => message.SentAt, (DateTimeOffset?)null), cancellationToken);
        Console.WriteLine($"{count} to be published again.");
        return 0;
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
