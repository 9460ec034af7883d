using System.Collections.Concurrent;
using Explaino.ChatService.Notifications;

namespace Explaino.ChatService.Hub;

/// <summary>The devices connected to this instance, by user.</summary>
internal sealed class Connections : IListeners
{
    private readonly ConcurrentDictionary<Guid, Connection[]> _byUser = new();

    public IEnumerable<Guid> Users => _byUser.Keys;

    public IEnumerable<Connection> All => _byUser.Values.SelectMany(connections => connections);

    public bool Has(Guid userId) => _byUser.ContainsKey(userId);

    public void Add(Connection connection) =>
        _byUser.AddOrUpdate(connection.UserId, _ => [connection], (_, others) => [.. others, connection]);

    public void Remove(Connection connection)
    {
        while (_byUser.TryGetValue(connection.UserId, out var present))
        {
            Connection[] rest = [.. present.Where(other => other != connection)];
            var done = rest.Length == 0
                ? _byUser.TryRemove(KeyValuePair.Create(connection.UserId, present))
                : _byUser.TryUpdate(connection.UserId, rest, present);
            if (done)
            {
                return;
            }
        }
    }

    public void Send(Notification notification, IReadOnlyCollection<Guid> userIds)
    {
        foreach (var userId in userIds)
        {
            foreach (var connection in _byUser.GetValueOrDefault(userId, []))
            {
                connection.Send(notification);
            }
        }
    }

    /// <summary>Ends those of these that are connected here, for good.</summary>
    public void Close(HashSet<Guid> connectionIds)
    {
        if (connectionIds.Count == 0)
        {
            return;
        }

        foreach (var connection in All.Where(connection => connectionIds.Contains(connection.Id)))
        {
            connection.Close();
        }
    }

    public void SendToAll(Notification notification)
    {
        foreach (var connection in All)
        {
            connection.Send(notification);
        }
    }
}
