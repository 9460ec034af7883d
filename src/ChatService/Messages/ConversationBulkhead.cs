using Explaino.ServiceDefaults.Errors;

namespace Explaino.ChatService.Messages;

/// <summary>
/// Bulkhead: of an instance's writes to one conversation, which wait for its row one after the other, a few hold a connection to the database; the
/// others wait here, so that one busy conversation leaves the pool to the rest.
/// </summary>
internal sealed class ConversationBulkhead
{
    private const int ConnectionsAtOnce = 8;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    // Conversations that share one of these by chance only share its connections.
    private readonly SemaphoreSlim[] _places = [.. Enumerable.Range(0, 256).Select(_ => new SemaphoreSlim(ConnectionsAtOnce, ConnectionsAtOnce))];

    /// <exception cref="DependencyUnavailableException">Too many are before it: 503, to be tried again.</exception>
    public async Task<T> RunAsync<T>(Guid conversationId, Func<Task<T>> write)
    {
        var place = _places[(uint)conversationId.GetHashCode() % _places.Length];
        if (!await place.WaitAsync(LongestWait))
        {
            throw new DependencyUnavailableException("Too many writes wait for one conversation.");
        }

        try
        {
            return await write();
        }
        finally
        {
            place.Release();
        }
    }
}
