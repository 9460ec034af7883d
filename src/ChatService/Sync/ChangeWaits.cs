using Explaino.ChatService.Notifications;
using Explaino.ServiceData;

namespace Explaino.ChatService.Sync;

/// <summary>Long polls: requests that wait until their user is told something, by the notifications that devices on the hub are told by.</summary>
/// <remarks>So many a user, so many an instance; all end, without an answer to wait for, when the instance is told to stop.</remarks>
internal sealed class ChangeWaits : IListeners
{
    public const int MostOfUser = 10;
    private const int MostOfInstance = 10_000;

    private readonly Dictionary<Guid, List<Wait>> _byUser = [];
    private readonly Lock _lock = new();
    private int _count;
    private volatile bool _stopping;

    public ChangeWaits(IHostApplicationLifetime lifetime) => lifetime.ApplicationStopping.Register(() =>
    {
        _stopping = true;
        WakeAll();
    });

    /// <summary>Whether waiting is over, for all.</summary>
    public bool IsStopping => _stopping;

    public IEnumerable<Guid> Users
    {
        get
        {
            lock (_lock)
            {
                return [.. _byUser.Keys];
            }
        }
    }

    public bool Has(Guid userId)
    {
        lock (_lock)
        {
            return _byUser.ContainsKey(userId);
        }
    }

    /// <returns>Null if the user has too many already, or the instance.</returns>
    public Wait? Begin(Guid userId)
    {
        lock (_lock)
        {
            if (_count >= MostOfInstance || _byUser.GetValueOrDefault(userId)?.Count >= MostOfUser)
            {
                return null;
            }

            var wait = new Wait(this, userId);
            if (!_byUser.TryAdd(userId, [wait]))
            {
                _byUser[userId].Add(wait);
            }

            _count++;
            return wait;
        }
    }

    public void Send(Notification notification, IReadOnlyCollection<Guid> userIds)
    {
        if (notification is MemberTypes or ContactChanged or PresenceResync)
        {
            return;
        }

        lock (_lock)
        {
            foreach (var wait in userIds.SelectMany(userId => _byUser.GetValueOrDefault(userId, [])))
            {
                wait.Signal.Wake();
            }
        }
    }

    public void SendToAll(Notification notification) => WakeAll();

    private void WakeAll()
    {
        lock (_lock)
        {
            foreach (var wait in _byUser.Values.SelectMany(waits => waits))
            {
                wait.Signal.Wake();
            }
        }
    }

    private void End(Wait wait)
    {
        lock (_lock)
        {
            _byUser[wait.UserId].Remove(wait);
            if (_byUser[wait.UserId].Count == 0)
            {
                _byUser.Remove(wait.UserId);
            }

            _count--;
        }
    }

    /// <summary>One request that waits, until it is disposed.</summary>
    internal sealed class Wait(ChangeWaits waits, Guid userId) : IDisposable
    {
        public Guid UserId => userId;

        public WakeSignal Signal { get; } = new();

        public void Dispose() => waits.End(this);
    }
}
