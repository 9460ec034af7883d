using Explaino.ChatService.Conversations;
using Explaino.ChatService.Data;
using Explaino.ChatService.Messages;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Paging;
using Explaino.ServiceDefaults.Validation;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Explaino.ChatService.Chats;

/// <summary>Starts and reads a user's chats; unread counts are differences of numbers in the rows, nothing is counted (docs/adr/0019).</summary>
internal sealed class ChatStatements(NpgsqlDataSource database)
{
    private const int First = MessageColumns.Width;
    private const int Rest = First + PersonColumns.Width;
    private const string Columns = "place.chat_id, place.last_seq, place.last_change, place.created_at";

    /// <summary>
    /// One statement for the pair: whoever comes second finds nothing to insert. With a deleted person, or one of whom either blocks the other, nothing begins,
    /// but what there was is kept.
    /// </summary>
    public static async Task<ChatStart> StartAsync(ChatDbContext db, Guid userId, Guid peerId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (low, high) = userId < peerId ? (userId, peerId) : (peerId, userId);
        var started = await db.Database.SqlQuery<ChatStart>(
            $"""
            WITH peer AS (
                SELECT id FROM people WHERE id = {peerId} AND deleted_at IS NULL FOR SHARE
            ), made AS (
                INSERT INTO chats (chat_id, user_low, user_high, created_at, last_seq, last_change, last_activity_at)
                SELECT {Guid.CreateVersion7(now)}, {low}, {high}, {now}, 0, 0, {now} FROM peer
                WHERE NOT EXISTS (SELECT FROM blocks WHERE is_active AND (blocker_id, blocked_id) IN (({low}, {high}), ({high}, {low})))
                ON CONFLICT (user_low, user_high) DO NOTHING
                RETURNING chat_id
            ), joined AS (
                INSERT INTO chat_members (chat_id, user_id, joined_seq, read_seq, own_after_read)
                SELECT chat_id, unnest(ARRAY[{low}, {high}]), 0, 0, 0 FROM made
            )
            SELECT EXISTS (SELECT FROM peer) AS "IsKnown", EXISTS (SELECT FROM made) AS "IsNew"
            """).ToListAsync(cancellationToken);
        return started.Single();
    }

    public Task<ChatResponse?> FindAsync(Guid chatId, Guid userId, CancellationToken cancellationToken) =>
        FindAsync(userId, "chat_id = @key AND @user IN (user_low, user_high)", chatId, cancellationToken);

    public Task<ChatResponse?> FindWithAsync(Guid peerId, Guid userId, CancellationToken cancellationToken) =>
        FindAsync(userId, "user_low = least(@user, @key) AND user_high = greatest(@user, @key)", peerId, cancellationToken);

    /// <summary>Latest activity first; either side's chats come from an index in that order.</summary>
    public async Task<ProblemOr<Page<ChatResponse>>> ListAsync(Guid userId, bool? archived, PageRequest page, CancellationToken cancellationToken)
    {
        var list = archived is null ? "chats" : $"chats {archived}";
        if (!page.TryRead<ActivityPosition>(list, out var last, out var refusal))
        {
            return refusal;
        }

        if (last?.IsReadable() == false)
        {
            return Problems.Invalid("cursor", new Violation("wrong_form", "Is not a cursor of this list."));
        }

        await using var command = database.Command(
            Sql($"{SideSql("user_low", "user_high", archived, page.Rows)} UNION ALL {SideSql("user_high", "user_low", archived, page.Rows)}", page.Rows),
            ActivityPosition.Parameters(last, userId));
        var rows = (await ReadAsync(command, last, cancellationToken)).ToPage(page, list, row => row.Position);
        return new Page<ChatResponse>([.. rows.Items.Select(row => row.Chat)], rows.NextCursor);
    }

    /// <summary>These of the user's chats, inside somebody's transaction.</summary>
    public static NpgsqlBatchCommand Statement(Guid userId, Guid[] chatIds) => Statements.BatchCommand(
        Sql(OneSql("chat_id = ANY(@chats) AND @user IN (user_low, user_high)")), ("user", userId), ("chats", chatIds));

    /// <summary>What <see cref="Statement"/> gives.</summary>
    public static async Task<List<ChatResponse>> ReadAsync(NpgsqlDataReader row, CancellationToken cancellationToken) =>
        (await ReadAsync(row, first: null, cancellationToken)).ConvertAll(chat => chat.Chat);

    private async Task<ChatResponse?> FindAsync(Guid userId, string condition, Guid key, CancellationToken cancellationToken)
    {
        await using var command = database.Command(Sql(OneSql(condition)), ("user", userId), ("key", key));
        return (await ReadAsync(command, first: null, cancellationToken)) is [var (chat, _)] ? chat : null;
    }

    private static string OneSql(string condition) =>
        $"SELECT {Columns}, CASE WHEN user_low = @user THEN user_high ELSE user_low END AS peer_id, last_activity_at AS stood_at FROM chats AS place WHERE {condition}";

    private static string SideSql(string mine, string others, bool? archived, int rows)
    {
        var (chats, condition) = archived is { } wanted
            ? ("chats AS place JOIN chat_members AS own ON own.chat_id = place.chat_id", $"own.user_id = @user AND {(wanted ? "" : "NOT ")}own.archived AND place.{mine} = @user")
            : ("chats AS place", $"place.{mine} = @user");
        return ActivityPosition.Sql(ConversationKind.Chat, chats, $"{Columns}, place.{others} AS peer_id", condition, rows);
    }

    private static string Sql(string chats, int? rows = null) =>
        $"""
        SELECT {MessageColumns.Of("message")}, {PersonColumns.All},
            chat.chat_id, {MessageColumns.Unread(ConversationKind.Chat, "chat")}, seen.id, chat.created_at, chat.last_seq, chat.last_change, {Revisions.OfChat}, me.muted_until, me.pinned, me.archived, chat.stood_at, {ActivityPosition.Columns}
        FROM ({chats}) AS chat
        JOIN chat_members AS me ON me.chat_id = chat.chat_id AND me.user_id = @user
        JOIN chat_members AS peer ON peer.chat_id = chat.chat_id AND peer.user_id = chat.peer_id
        JOIN people AS person ON person.id = chat.peer_id
        LEFT JOIN messages AS message ON message.chat_id = chat.chat_id AND message.seq = chat.last_seq
        LEFT JOIN messages AS seen ON seen.chat_id = chat.chat_id AND seen.seq = peer.read_seq
        ORDER BY chat.stood_at DESC, chat.chat_id DESC LIMIT {(rows is { } some ? $"{some}" : "ALL")}
        """;

    private static async Task<List<(ChatResponse Chat, ActivityPosition Position)>> ReadAsync(
        NpgsqlCommand command, ActivityPosition? first, CancellationToken cancellationToken)
    {
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await ReadAsync(row, first, cancellationToken);
    }

    private static async Task<List<(ChatResponse Chat, ActivityPosition Position)>> ReadAsync(
        NpgsqlDataReader row, ActivityPosition? first, CancellationToken cancellationToken)
    {
        var chats = new List<(ChatResponse, ActivityPosition)>();
        while (await row.ReadAsync(cancellationToken))
        {
            var id = row.GetGuid(Rest);
            chats.Add((
                new ChatResponse(
                    id,
                    row.ReadPerson(First),
                    row.IsDBNull(0) ? null : row.ReadMessage(Conversation.Chat(id)),
                    row.GetInt64(Rest + 1),
                    row.IsDBNull(Rest + 2) ? null : row.GetGuid(Rest + 2),
                    row.GetFieldValue<DateTimeOffset>(Rest + 3),
                    row.GetInt64(Rest + 4),
                    row.GetInt64(Rest + 5),
                    row.GetString(Rest + 6),
                    row.IsDBNull(Rest + 7) ? null : MutedUntil.ToWire(row.GetFieldValue<DateTimeOffset>(Rest + 7)),
                    row.GetBoolean(Rest + 8),
                    row.GetBoolean(Rest + 9)),
                ActivityPosition.Of(row.GetFieldValue<DateTimeOffset>(Rest + 10), id, row, Rest + 11, first)));
        }

        return chats;
    }
}

/// <param name="IsKnown">Whether there is such a person.</param>
/// <param name="IsNew">Whether the chat began with this.</param>
internal sealed record ChatStart(bool IsKnown, bool IsNew);
