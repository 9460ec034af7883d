using System.Collections.Concurrent;

namespace Explaino.ChatService.Hub;

/// <summary>Throttle of typing notices: others are told of a user's typing in a conversation at most once in a while, from however many devices it comes.</summary>
internal sealed class TypingThrottle(TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<(Guid UserId, Guid ConversationId), long> _told = new();
    private long _sweptAt;

    public bool MayTell(Guid userId, Guid conversationId)
    {
        var now = clock.GetTimestamp();
        Sweep(now);
        return _told.TryAdd((userId, conversationId), now)
            || (_told.TryGetValue((userId, conversationId), out var last) && clock.GetElapsedTime(last, now) >= Pause && _told.TryUpdate((userId, conversationId), now, last));
    }

    /// <summary>Forgets what no longer holds anything back, so that memory is bounded by what is typed in one pause.</summary>
    private void Sweep(long now)
    {
        var swept = Interlocked.Read(ref _sweptAt);
        if (clock.GetElapsedTime(swept, now) < Pause || Interlocked.CompareExchange(ref _sweptAt, now, swept) != swept)
        {
            return;
        }

        foreach (var (typing, at) in _told)
        {
            if (clock.GetElapsedTime(at, now) >= Pause)
            {
                _told.TryRemove(KeyValuePair.Create(typing, at));
            }
        }
    }
}
