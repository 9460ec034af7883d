using Explaino.ChatService.Conversations;
using Explaino.ChatService.Messages;
using Explaino.ServiceData.Blocks;
using Npgsql;

namespace Explaino.ChatService.Push;

/// <summary>Push planner: turns what is due into standing pushes for the devices that deserve it, on as many instances as there are.</summary>
/// <remarks>
/// One statement: 1. rows that are due are taken, skipping what another instance takes; 2. for each, the devices of members who have by now not read it, have neither muted nor
/// blocked, and are not connected by that device; 3. their standing pushes are to be sent anew. What is planned twice is pushed once.
/// </remarks>
internal sealed class PushPlanner(NpgsqlDataSource database, PushSignal signal, TimeProvider clock, ILogger<PushPlanner> logger) : BackgroundService
{
    private const int AtOnce = 200;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private static readonly string Sql =
        $"""
        WITH taken AS (
            DELETE FROM push_dues WHERE (subject_id, seq) IN (
                SELECT subject_id, seq FROM push_dues WHERE due_at <= clock_timestamp() ORDER BY due_at LIMIT {AtOnce} FOR UPDATE SKIP LOCKED)
            RETURNING subject, subject_id, seq, session_id
        ), due AS (
            SELECT subject, subject_id, max(seq) AS seq FROM taken GROUP BY subject, subject_id
        ), lost AS (
            SELECT subject_id AS user_id, session_id FROM taken WHERE subject = '{PushDues.OfBadge}'
            UNION {LossesOf(ConversationKind.Chat)}
            UNION {LossesOf(ConversationKind.Group)}
        ), wanted AS (
            {MessagesOf(ConversationKind.Chat)}
            UNION ALL {MessagesOf(ConversationKind.Group)}
            UNION ALL
            SELECT device.id, device.provider, due.subject, due.subject_id, due.seq, clock_timestamp()
            FROM due JOIN feed_entries AS entry ON entry.id = due.subject_id AND entry.seq = due.seq
            JOIN feeds AS feed ON feed.user_id = entry.user_id AND feed.read_seq < entry.seq
            JOIN devices AS device ON device.user_id = entry.user_id AND {NotConnected}
            WHERE due.subject = '{PushDues.OfNotification}' AND NOT {SwitchedOff("entry.kind")}
            UNION ALL
            SELECT device.id, device.provider, '{PushDues.OfBadge}', device.user_id, 0, greatest(clock_timestamp(), push.sent_at + interval '5 seconds')
            FROM lost JOIN devices AS device ON device.user_id = lost.user_id AND {NotConnected} AND NOT {Knows}
            LEFT JOIN pushes AS push ON push.device_id = device.id AND push.subject_id = device.user_id
        ), planned AS (
            INSERT INTO pushes AS push (device_id, provider, subject, subject_id, seq, version, due_at, expires_at, attempts)
            SELECT DISTINCT ON (id, subject_id) id, provider, subject, subject_id, seq, 1, at, clock_timestamp() + interval '1 hour', 0
            FROM wanted AS wanted (id, provider, subject, subject_id, seq, at) ORDER BY id, subject_id
            ON CONFLICT (device_id, subject_id) DO UPDATE SET provider = excluded.provider, subject = excluded.subject, seq = greatest(push.seq, excluded.seq),
                version = push.version + 1, due_at = coalesce(push.due_at, excluded.due_at), expires_at = excluded.expires_at
            RETURNING 1
        )
        SELECT (SELECT count(*) FROM taken), (SELECT count(*) FROM planned)
        """;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        do
        {
            try
            {
                while (await PlanAsync(stoppingToken) == AtOnce)
                {
                    // There may be more.
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning(e, "What is due could not be looked at; it is tried again");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<long> PlanAsync(CancellationToken cancellationToken)
    {
        await using var command = database.Command(Sql);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        if (row.GetInt64(1) > 0)
        {
            signal.WakeAll();
        }

        return row.GetInt64(0);
    }

    // By the device's own session: other devices of the same person may well sleep. An instance of an older version does not tell the session.
    private const string NotConnected =
        """
        NOT EXISTS (
            SELECT FROM hub_connections AS connection JOIN chat_instances AS instance ON instance.id = connection.instance_id AND instance.expires_at > clock_timestamp()
            WHERE connection.user_id = device.user_id AND coalesce(connection.session_id, device.session_id) = device.session_id AND NOT connection.displaced)
        """;

    // Whoever read here has seen it, unless something older is still on its way here.
    private const string Knows =
        """
        (device.session_id IS NOT DISTINCT FROM lost.session_id AND NOT EXISTS (
            SELECT FROM pushes AS moving WHERE moving.device_id = device.id AND moving.due_at IS NOT NULL AND moving.expires_at > clock_timestamp()))
        """;

    private static string SwitchedOff(string kind) =>
        $"EXISTS (SELECT FROM notification_settings AS settings WHERE settings.user_id = device.user_id AND {kind} = ANY(settings.push_off))";

    /// <summary>Members to whom nothing is unread any more where something was deleted: of others the badge stays.</summary>
    private static string LossesOf(ConversationKind kind) =>
        $"""
        SELECT me.user_id, NULL::uuid FROM taken
        JOIN {kind.Messages} AS deleted ON deleted.{kind.Key} = taken.subject_id AND deleted.seq = -taken.seq
        JOIN {kind.Table} AS conversation ON conversation.{kind.Key} = taken.subject_id
        JOIN {kind.Members} AS me ON me.{kind.Key} = taken.subject_id AND me.read_seq < deleted.seq AND me.user_id <> deleted.sender_id
            AND NOT me.archived AND NOT coalesce(me.muted_until > clock_timestamp(), false)
        WHERE taken.subject = '{PushDues.DeletionOf(kind)}' AND {MessageColumns.Unread(kind, "conversation")} = 0
        """;

    private static string MessagesOf(ConversationKind kind) =>
        $"""
        SELECT device.id, device.provider, due.subject, due.subject_id, due.seq, clock_timestamp()
        FROM due JOIN {kind.Members} AS me ON me.{kind.Key} = due.subject_id AND me.read_seq < due.seq AND NOT coalesce(me.muted_until > clock_timestamp(), false)
        JOIN devices AS device ON device.user_id = me.user_id AND {NotConnected}
        LEFT JOIN pushes AS push ON push.device_id = device.id AND push.subject_id = due.subject_id
        WHERE due.subject = '{PushDues.WordOf(kind)}' AND NOT {SwitchedOff("'message'")} AND EXISTS (
            SELECT FROM {kind.Messages} AS message
            WHERE message.{kind.Key} = due.subject_id AND message.seq > greatest(me.read_seq, push.seq) AND message.seq <= due.seq
                AND message.sender_id <> me.user_id AND message.deleted_at IS NULL AND NOT {BlockStatements.Between("message.sender_id", "me.user_id")})
        """;
}
