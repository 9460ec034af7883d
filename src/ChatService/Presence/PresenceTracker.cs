using Explaino.ChatService.Conversations;
using Explaino.ChatService.Notifications;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Explaino.ChatService.Presence;

/// <summary>Presence tracker: keeps this instance's lease (heartbeat) and its list of connected people, tells who came and went, and clears up after instances that died (docs/adr/0020).</summary>
internal sealed class PresenceTracker(
    NpgsqlDataSource database, ConnectedUsers connected, ConnectionRegistry connections, ServiceInstance instance, Notifier notifier, PresenceStatements presence, IOptions<PresenceSettings> settings, PushDues dues,
    TimeProvider clock, ILogger<PresenceTracker> logger)
    : BackgroundService
{
    private const int TicksPerBeat = 3;
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    // Who is online changes in one transaction at a time, so that of two instances that a person leaves at once one sees that they are gone.
    private const string Hold = "SELECT pg_advisory_xact_lock(hashtext('chat presence'))";

    // Whose account is gone has left when they go offline, and nothing of them is kept.
    private const string NotDeleted = "NOT EXISTS (SELECT FROM people WHERE people.id = offline.user_id AND people.deleted_at IS NOT NULL)";

    private Dictionary<Guid, DateTimeOffset?> _written = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, clock);
        var tick = 0;
        do
        {
            try
            {
                if (tick++ % TicksPerBeat == 0)
                {
                    await BeatAsync(stoppingToken);
                }

                await WriteAsync(connected.Present(), stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning(e, "Presence could not be written");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            // Its people have the grace to come back elsewhere; then others find the lease run out and tell who did not.
            await using var command = database.Command(
                """
                WITH connections AS (DELETE FROM hub_connections WHERE instance_id = @instance)
                UPDATE chat_instances SET expires_at = now() + @grace, stopped_at = now() WHERE id = @instance
                """,
                ("instance", instance.Id), ("grace", settings.Value.OfflineAfter));
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
        {
            logger.LogWarning(e, "The lease could not be given up, and runs out by itself");
        }
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        await using var beat = database.Command(
            """
            INSERT INTO chat_instances (id, expires_at) VALUES (@instance, now() + @lease)
            ON CONFLICT (id) DO UPDATE SET expires_at = excluded.expires_at
            RETURNING xmax = 0
            """,
            ("instance", instance.Id), ("lease", Lease));
        if (await beat.ExecuteScalarAsync(cancellationToken) is true)
        {
            // The first beat, or one after others had given this instance up: they have forgotten who is here.
            _written = [];
            await connections.RegisterAgainAsync(cancellationToken);
        }

        await using var batch = Batch(
            $"""
            WITH dead AS (
                DELETE FROM chat_instances WHERE expires_at < now() RETURNING id, stopped_at
            ), gone AS (
                DELETE FROM present_users WHERE instance_id IN (SELECT id FROM dead) RETURNING user_id, instance_id
            ), connections AS (
                DELETE FROM hub_connections WHERE instance_id IN (SELECT id FROM dead) RETURNING user_id
            ){dues.AfterDeath}, offline AS (
                SELECT user_id, max(coalesce(stopped_at, now())) AS at FROM gone JOIN dead ON dead.id = instance_id WHERE NOT EXISTS (
                    SELECT FROM present_users AS still WHERE still.user_id = gone.user_id AND still.instance_id NOT IN (SELECT id FROM dead))
                GROUP BY user_id
            ), seen AS (
                INSERT INTO last_seen (user_id, at) SELECT user_id, at FROM offline WHERE {NotDeleted}
                ON CONFLICT (user_id) DO UPDATE SET at = excluded.at
            )
            SELECT user_id, false, at FROM offline UNION ALL SELECT NULL, true, now() FROM dead WHERE stopped_at IS NULL
            """,
            []);
        var changes = await ReadAsync(batch, cancellationToken);
        if (changes.RemoveAll(change => change.UserId is null) > 0)
        {
            logger.LogWarning("Another instance died; all connections resync, for what it may not have announced");
            notifier.RequestResync();
        }

        await AnnounceAsync(changes, cancellationToken);
    }

    private async Task WriteAsync(Dictionary<Guid, DateTimeOffset?> present, CancellationToken cancellationToken)
    {
        Guid[] come = [.. present.Keys.Except(_written.Keys)];
        Guid[] gone = [.. _written.Keys.Except(present.Keys)];
        if (come.Length + gone.Length == 0)
        {
            _written = present;
            return;
        }

        await using var batch = Batch(
            $"""
            WITH elsewhere AS (
                SELECT DISTINCT user_id FROM present_users JOIN chat_instances AS instance ON instance.id = instance_id AND expires_at > now()
                WHERE instance_id <> @instance AND user_id = ANY(@come || @gone)
            ), come AS (
                INSERT INTO present_users (instance_id, user_id) SELECT @instance, unnest(@come) ON CONFLICT DO NOTHING RETURNING user_id
            ), gone AS (
                DELETE FROM present_users WHERE instance_id = @instance AND user_id = ANY(@gone) RETURNING user_id
            ), offline AS (
                SELECT user_id, left_at AS at FROM gone JOIN unnest(@gone, @left_at) AS leaving (user_id, left_at) USING (user_id)
                WHERE user_id NOT IN (SELECT user_id FROM elsewhere)
            ), seen AS (
                INSERT INTO last_seen (user_id, at) SELECT user_id, at FROM offline WHERE {NotDeleted}
                ON CONFLICT (user_id) DO UPDATE SET at = excluded.at
            )
            SELECT user_id, true, now() FROM come WHERE user_id NOT IN (SELECT user_id FROM elsewhere)
            UNION ALL SELECT user_id, false, at FROM offline
            """,
            [("instance", instance.Id), ("come", come), ("gone", gone), ("left_at", Array.ConvertAll(gone, userId => _written[userId] ?? clock.GetUtcNow()))]);
        var changes = await ReadAsync(batch, cancellationToken);
        _written = present;
        if (come.Length > 0)
        {
            // From here on whoever comes or goes finds them among those to tell; whoever did so before is in the database.
            notifier.Notify(new PresenceResync(), come);
        }

        await AnnounceAsync(changes, cancellationToken);
    }

    private async Task AnnounceAsync(List<(Guid? UserId, bool Online, DateTimeOffset At)> changes, CancellationToken cancellationToken)
    {
        if (changes.Count == 0)
        {
            return;
        }

        var contacts = (await presence.OnlineContactsAsync([.. changes.Select(change => change.UserId!.Value)], cancellationToken))
            .ToDictionary(found => found.UserId, found => found.Online);
        foreach (var (userId, online, at) in changes)
        {
            if (contacts.TryGetValue(userId!.Value, out var others))
            {
                notifier.Notify(new ContactChanged(new(userId.Value, online, online ? null : at)), others);
            }
        }
    }

    private NpgsqlBatch Batch(string sql, (string, object?)[] parameters)
    {
        var batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Hold));
        batch.BatchCommands.Add(Statements.BatchCommand(sql, parameters));
        return batch;
    }

    private static async Task<List<(Guid? UserId, bool Online, DateTimeOffset At)>> ReadAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        var changes = new List<(Guid?, bool, DateTimeOffset)>();
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        await row.NextResultAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            changes.Add((row.IsDBNull(0) ? null : row.GetGuid(0), row.GetBoolean(1), row.GetFieldValue<DateTimeOffset>(2)));
        }

        return changes;
    }
}
