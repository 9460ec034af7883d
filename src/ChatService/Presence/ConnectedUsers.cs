using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Explaino.ChatService.Presence;

/// <summary>Who is connected to this instance, and who has left it so lately that they may come back before anybody is told.</summary>
internal sealed class ConnectedUsers(IOptions<PresenceSettings> settings, TimeProvider clock)
{
    private readonly ConcurrentDictionary<Guid, (Guid UserId, Guid SessionId)> _ownerOf = new();
    private readonly ConcurrentDictionary<Guid, (DateTimeOffset At, long Timestamp)> _left = new();

    public KeyValuePair<Guid, (Guid UserId, Guid SessionId)>[] Connections => _ownerOf.ToArray();

    public void Add(Guid connectionId, Guid userId, Guid sessionId) => _ownerOf[connectionId] = (userId, sessionId);

    public void Remove(Guid connectionId)
    {
        if (_ownerOf.TryGetValue(connectionId, out var owner))
        {
            // In this order: whoever looks in between must not find them in neither.
            _left[owner.UserId] = (clock.GetUtcNow(), clock.GetTimestamp());
            _ownerOf.TryRemove(connectionId, out _);
        }
    }

    /// <summary>Everybody with a connection to this instance (null), and those who left it less than the grace ago, with when they did.</summary>
    public Dictionary<Guid, DateTimeOffset?> Present()
    {
        var present = new Dictionary<Guid, DateTimeOffset?>();
        foreach (var (userId, _) in _ownerOf.Values)
        {
            present[userId] = null;
        }

        foreach (var (userId, left) in _left)
        {
            if (clock.GetElapsedTime(left.Timestamp) >= settings.Value.OfflineAfter)
            {
                _left.TryRemove(KeyValuePair.Create(userId, left));
            }
            else
            {
                present.TryAdd(userId, left.At);
            }
        }

        return present;
    }
}
