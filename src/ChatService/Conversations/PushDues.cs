using Npgsql;
using NpgsqlTypes;

namespace Explaino.ChatService.Conversations;

/// <summary>
/// Push dues: what devices may have to be woken for, stored with what it tells of; one row for a message, however many members. A worker looks at them later (folder Push). None
/// are kept while pushes are off.
/// </summary>
internal sealed class PushDues(bool areKept, NpgsqlDataSource database)
{
    public const string OfBadge = "badge";
    public const string OfNotification = "notification";

    /// <summary>Who reads it within this time is not woken.</summary>
    private const string Grace = "clock_timestamp() + interval '2 seconds'";

    public static string WordOf(ConversationKind kind) => kind == ConversationKind.Group ? "group" : "chat";

    /// <summary>A part of the statement that has <c>numbered</c> a message.</summary>
    public string AfterMessage(ConversationKind kind) => areKept
        ? $", due AS (INSERT INTO push_dues (subject, subject_id, seq, due_at) SELECT '{WordOf(kind)}', @conversation, last_seq, {Grace} FROM numbered)"
        : "";

    /// <summary>A part of a statement of <c>@user</c> in <c>@session</c> after which less may be unread; <c>moved</c> has a row if it did anything.</summary>
    public string AfterReading => areKept ? $", due AS ({BadgesOf("(SELECT @user AS id FROM moved) AS someone")})" : "";

    /// <summary>A part of the statement that has <c>changed</c> a message into a deleted one, for which nobody has to be told any more.</summary>
    public string AfterDeletion(ConversationKind kind) => areKept
        ? $", due AS (INSERT INTO push_dues (subject, subject_id, seq, due_at) SELECT '{DeletionOf(kind)}', @conversation, -seq, clock_timestamp() FROM changed)"
        : "";

    public static string DeletionOf(ConversationKind kind) => $"{WordOf(kind)}_deletion";

    /// <summary>For people to whom less may be unread, in the transaction that makes it so.</summary>
    /// <param name="connection">Of the transaction.</param>
    /// <param name="userIds">Whose.</param>
    /// <param name="sessionId">Whose deed it was; null if none of theirs.</param>
    public async Task AfterLossAsync(NpgsqlConnection connection, Guid[] userIds, Guid? sessionId = null)
    {
        if (areKept && userIds.Length > 0)
        {
            await using var command = new NpgsqlCommand(BadgesOf("unnest(@users) AS someone (id)"), connection);
            command.Parameters.AddWithValue("users", userIds);
            command.Parameters.Add(new NpgsqlParameter("session", NpgsqlDbType.Uuid) { Value = (object?)sessionId ?? DBNull.Value });
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    /// <summary>A part of the statement that takes out <c>connections</c> whose instance died: what it seemed to deliver may not have arrived.</summary>
    public string AfterDeath => areKept ? $", due AS ({RecentOf("connections")})" : "";

    /// <summary>For somebody whose connection broke: it may have been dead for a while.</summary>
    public async Task AfterBrokenConnectionAsync(Guid userId)
    {
        if (areKept)
        {
            await using var command = database.Command(RecentOf("(SELECT @user AS user_id)"), ("user", userId));
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    /// <summary>For what people with devices were told just now, in the transaction that tells it.</summary>
    public async Task AfterNotificationsAsync(NpgsqlConnection connection, IReadOnlyList<(Guid UserId, Guid EntryId, long Seq)> told)
    {
        if (areKept && told.Count > 0)
        {
            await using var command = new NpgsqlCommand(
                $"""
                INSERT INTO push_dues (subject, subject_id, seq, due_at)
                SELECT '{OfNotification}', entry_id, seq, {Grace} FROM unnest(@users, @entries, @seqs) AS told (user_id, entry_id, seq)
                WHERE EXISTS (SELECT FROM devices WHERE devices.user_id = told.user_id)
                ON CONFLICT DO NOTHING
                """,
                connection);
            command.Parameters.AddWithValue("users", told.Select(one => one.UserId).ToArray());
            command.Parameters.AddWithValue("entries", told.Select(one => one.EntryId).ToArray());
            command.Parameters.AddWithValue("seqs", told.Select(one => one.Seq).ToArray());
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    /// <summary>The badges of those who have devices.</summary>
    /// <remarks>Where a row is due already it is locked: whoever looks at it sees what this statement does, or leaves it for later.</remarks>
    private static string BadgesOf(string people) =>
        $"""
        INSERT INTO push_dues (subject, subject_id, seq, due_at, session_id)
        SELECT '{OfBadge}', someone.id, 0, clock_timestamp(), @session FROM {people} WHERE EXISTS (SELECT FROM devices WHERE user_id = someone.id) ORDER BY someone.id
        ON CONFLICT (subject_id, seq) DO UPDATE SET due_at = push_dues.due_at,
            session_id = CASE WHEN push_dues.session_id = excluded.session_id THEN excluded.session_id END
        """;

    /// <summary>All conversations of these in which something unread was said of late; who was woken for it is not woken again.</summary>
    private static string RecentOf(string people) =>
        $"""
        INSERT INTO push_dues (subject, subject_id, seq, due_at)
        {RecentOf(people, ConversationKind.Chat)} UNION {RecentOf(people, ConversationKind.Group)}
        ON CONFLICT DO NOTHING
        """;

    private static string RecentOf(string people, ConversationKind kind) =>
        $"""
        SELECT '{WordOf(kind)}', conversation.{kind.Key}, conversation.last_seq, {Grace.Replace("clock_timestamp", "now", StringComparison.Ordinal)}
        FROM {people} AS someone JOIN {kind.Members} AS me ON me.user_id = someone.user_id JOIN {kind.Table} AS conversation USING ({kind.Key})
        WHERE conversation.last_seq > me.read_seq AND conversation.last_activity_at > now() - interval '2 minutes'
        """;
}
