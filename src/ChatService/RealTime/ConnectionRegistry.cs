using System.Collections.Concurrent;
using Explaino.ChatService.Messages;
using Explaino.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Explaino.ChatService.RealTime;

/// <summary>Connection registry: which connections a user holds on all instances, so that of too many the oldest go (docs/adr/0045).</summary>
/// <remarks>
/// 1. A connection is registered before its handshake is answered, while the user's advisory lock is held: of two that come at once, one sees the other.
/// 2. Those too many are marked as displaced. Their instance ends them: at once if it is this one, within a second if it is another.
/// 3. A connection that ends is taken out; if the database is away, as soon as it is back. Instances that died do not count, because their lease has run out.
/// </remarks>
internal sealed class ConnectionRegistry(NpgsqlDataSource database, Connections connections, BrokerLink link, IOptions<HubLimits> limits)
{
    private readonly ConcurrentQueue<Guid> _released = new();

    public async Task AdmitAsync(Guid connectionId, Guid userId)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Statements.BatchCommand("SELECT pg_advisory_xact_lock(hashtextextended('hub connections ' || @user, 0))", ("user", userId.ToString())));
        batch.BatchCommands.Add(Statements.BatchCommand(
            "INSERT INTO hub_connections (id, instance_id, user_id, connected_at) VALUES (@id, @instance, @user, clock_timestamp())",
            ("id", connectionId), ("instance", link.InstanceId), ("user", userId)));
        batch.BatchCommands.Add(Statements.BatchCommand(
            """
            UPDATE hub_connections SET displaced = true WHERE id IN (
                SELECT connection.id FROM hub_connections AS connection
                JOIN chat_instances AS instance ON instance.id = connection.instance_id AND instance.expires_at > now()
                WHERE connection.user_id = @user AND NOT connection.displaced
                ORDER BY connection.connected_at DESC, connection.id DESC OFFSET @limit)
            RETURNING id
            """,
            ("user", userId), ("limit", limits.Value.ConnectionsPerUser)));

        await using var row = await batch.ExecuteReaderAsync(CancellationToken.None);
        await row.NextResultAsync(CancellationToken.None);
        connections.Close(await ReadIdsAsync(row, CancellationToken.None));
    }

    public async Task ReleaseAsync(Guid connectionId)
    {
        _released.Enqueue(connectionId);
        try
        {
            await TakeOutAsync(CancellationToken.None);
        }
        catch (Exception e) when (Outage.Is(e))
        {
            // Tried again by whoever ends the displaced.
        }
    }

    /// <summary>Ends connections of this instance that newer ones have displaced on others.</summary>
    public async Task EndDisplacedAsync(CancellationToken cancellationToken)
    {
        await TakeOutAsync(cancellationToken);
        await using var command = database.Command("SELECT id FROM hub_connections WHERE instance_id = @instance AND displaced", ("instance", link.InstanceId));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        connections.Close(await ReadIdsAsync(row, cancellationToken));
    }

    /// <summary>After others had given this instance up: they have forgotten who is connected here. What instances left that are no more is cleared away.</summary>
    public async Task RegisterAgainAsync(CancellationToken cancellationToken)
    {
        var present = connections.All.ToList();
        await using var command = database.Command(
            """
            WITH left_over AS (
                DELETE FROM hub_connections WHERE instance_id <> @instance AND NOT EXISTS (SELECT FROM chat_instances WHERE id = instance_id)
            )
            INSERT INTO hub_connections (id, instance_id, user_id, connected_at)
            SELECT id, @instance, user_id, clock_timestamp() FROM unnest(@ids, @users) AS present (id, user_id)
            ON CONFLICT DO NOTHING
            """,
            ("instance", link.InstanceId), ("ids", present.ConvertAll(connection => connection.Id).ToArray()),
            ("users", present.ConvertAll(connection => connection.UserId).ToArray()));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task TakeOutAsync(CancellationToken cancellationToken)
    {
        List<Guid> ids = [];
        while (_released.TryDequeue(out var id))
        {
            ids.Add(id);
        }

        if (ids.Count == 0)
        {
            return;
        }

        try
        {
            await using var command = database.Command("DELETE FROM hub_connections WHERE id = ANY(@ids)", ("ids", ids.ToArray()));
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch
        {
            ids.ForEach(_released.Enqueue);
            throw;
        }
    }

    private static async Task<HashSet<Guid>> ReadIdsAsync(NpgsqlDataReader row, CancellationToken cancellationToken)
    {
        HashSet<Guid> ids = [];
        while (await row.ReadAsync(cancellationToken))
        {
            ids.Add(row.GetGuid(0));
        }

        return ids;
    }
}
