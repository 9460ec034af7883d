using System.Collections.Concurrent;
using Explaino.ChatService.Conversations;
using Explaino.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Explaino.ChatService.Presence;

/// <summary>Connection registry: which connections a user holds on all instances, so that of too many the oldest go (docs/adr/0028).</summary>
/// <remarks>
/// 1. A connection is registered before its handshake is answered, while the user's advisory lock is held: of two that come at once, one sees the other.
/// 2. Those too many are marked as displaced. Their instance ends them: at once if it is this one, within a second if it is another.
/// 3. A connection that ends is taken out; if the database is away, as soon as it is back. Instances that died do not count, because their lease has run out.
/// </remarks>
internal sealed class ConnectionRegistry(NpgsqlDataSource database, ConnectedUsers connected, ServiceInstance instance, IOptions<PresenceSettings> settings)
{
    // A user's connections wait for each other here, not each with one of the pool's connections to the database.
    private static readonly SemaphoreSlim[] Turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1, 1))];

    private readonly ConcurrentQueue<Guid> _released = new();

    /// <returns>The connections that are too many now, the oldest of their user's, wherever they are.</returns>
    public async Task<HashSet<Guid>> AdmitAsync(Guid connectionId, Guid userId, Guid sessionId)
    {
        var turn = Turns[(uint)userId.GetHashCode() % Turns.Length];
        await turn.WaitAsync();
        try
        {
            return await RegisterAsync(connectionId, userId, sessionId);
        }
        finally
        {
            turn.Release();
        }
    }

    public async Task ReleaseAsync(Guid connectionId)
    {
        connected.Remove(connectionId);
        _released.Enqueue(connectionId);
        try
        {
            await TakeOutAsync(CancellationToken.None);
        }
        catch (Exception e) when (TransientFailure.Is(e))
        {
            // Tried again when the displaced are looked for.
        }
    }

    /// <summary>Connections of this instance that newer ones on others have displaced.</summary>
    public async Task<HashSet<Guid>> DisplacedAsync(CancellationToken cancellationToken)
    {
        await TakeOutAsync(cancellationToken);
        await using var command = database.Command("SELECT id FROM hub_connections WHERE instance_id = @instance AND displaced", ("instance", instance.Id));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await ReadIdsAsync(row, cancellationToken);
    }

    /// <summary>After others had given this instance up: they have forgotten who is connected here. What instances left that are no more is cleared away.</summary>
    public async Task RegisterAgainAsync(CancellationToken cancellationToken)
    {
        var present = connected.Connections;
        await using var command = database.Command(
            """
            WITH left_over AS (
                DELETE FROM hub_connections WHERE instance_id <> @instance AND NOT EXISTS (SELECT FROM chat_instances WHERE id = instance_id)
            )
            INSERT INTO hub_connections (id, instance_id, user_id, session_id, connected_at)
            SELECT id, @instance, user_id, session_id, clock_timestamp() FROM unnest(@ids, @users, @sessions) AS present (id, user_id, session_id)
            ON CONFLICT DO NOTHING
            """,
            ("instance", instance.Id), ("ids", Array.ConvertAll(present, connection => connection.Key)),
            ("users", Array.ConvertAll(present, connection => connection.Value.UserId)), ("sessions", Array.ConvertAll(present, connection => connection.Value.SessionId)));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<HashSet<Guid>> RegisterAsync(Guid connectionId, Guid userId, Guid sessionId)
    {
        connected.Add(connectionId, userId, sessionId);
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Statements.BatchCommand("SELECT pg_advisory_xact_lock(hashtextextended('hub connections ' || @user, 0))", ("user", userId.ToString())));
        batch.BatchCommands.Add(Statements.BatchCommand(
            "INSERT INTO hub_connections (id, instance_id, user_id, session_id, connected_at) VALUES (@id, @instance, @user, @session, clock_timestamp())",
            ("id", connectionId), ("instance", instance.Id), ("user", userId), ("session", sessionId)));
        batch.BatchCommands.Add(Statements.BatchCommand(
            """
            UPDATE hub_connections SET displaced = true WHERE id IN (
                SELECT connection.id FROM hub_connections AS connection
                JOIN chat_instances AS instance ON instance.id = connection.instance_id AND instance.expires_at > now()
                WHERE connection.user_id = @user AND NOT connection.displaced
                ORDER BY connection.connected_at DESC, connection.id DESC OFFSET @limit)
            RETURNING id
            """,
            ("user", userId), ("limit", settings.Value.ConnectionsPerUser)));

        await using var row = await batch.ExecuteReaderAsync(CancellationToken.None);
        await row.NextResultAsync(CancellationToken.None);
        return await ReadIdsAsync(row, CancellationToken.None);
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
