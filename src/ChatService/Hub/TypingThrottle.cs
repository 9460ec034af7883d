using System.Collections.Concurrent;

namespace Explaino.ChatService.Hub;

/// <summary>Throttle of typing notices: others are told of a user's typing in a conversation at most once in a while, from however many devices it comes.</summary>
internal sealed class TypingThrottle(TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<(Guid UserId, Guid ConversationId), DateTimeOffset> _told = new();
    private long _sweptAt;

    public bool MayTell(Guid userId, Guid conversationId)
    {
        var now = clock.GetUtcNow();
        Sweep(now);
        return _told.TryAdd((userId, conversationId), now)
            || (_told.TryGetValue((userId, conversationId), out var last) && now - last >= Pause && _told.TryUpdate((userId, conversationId), now, last));
    }

    /// <summary>Forgets what no longer holds anything back, so that memory is bounded by what is typed in one pause.</summary>
    private void Sweep(DateTimeOffset now)
    {
        var swept = Interlocked.Read(ref _sweptAt);
        if (now.UtcTicks - swept < Pause.Ticks || Interlocked.CompareExchange(ref _sweptAt, now.UtcTicks, swept) != swept)
        {
            return;
        }

        foreach (var (typing, at) in _told)
        {
            if (now - at >= Pause)
            {
                _told.TryRemove(KeyValuePair.Create(typing, at));
            }
        }
    }
}
