using Explaino.ChatService.Conversations;
using Npgsql;

namespace Explaino.ChatService.Sync;

/// <summary>A conversation that is not as the device knows it.</summary>
/// <param name="Conversation">Which.</param>
/// <param name="IsNew">The device did not name it.</param>
/// <param name="KnownSeq">Up to which message the device has it.</param>
/// <param name="KnownChange">Up to which change.</param>
/// <param name="LastSeq">Where it stands.</param>
/// <param name="LastChange">Where it stands.</param>
/// <param name="Markers">How many read markers the device must be told: all, if anything but messages differs.</param>
internal sealed record Difference(Conversation Conversation, bool IsNew, long KnownSeq, long KnownChange, long LastSeq, long LastChange, int Markers);

/// <summary>Comparison of what a device knows with what there is: one statement for all conversations, of which only those that differ come back, latest activity first.</summary>
internal static class Comparison
{
    /// <summary>Conversations in an answer.</summary>
    public const int MostConversations = 200;

    private static readonly string Sql =
        $"""
        WITH known AS (
            SELECT * FROM unnest(@ids, @are_groups, @seqs, @changes, @revisions) AS known (id, is_group, seq, change, revision)
        ), mine AS (
            SELECT me.chat_id AS id, false AS is_group, chat.last_activity_at, chat.last_seq, chat.last_change, 2 AS members, {Revisions.OfChat} AS revision
            FROM chat_members AS me JOIN chats AS chat USING (chat_id)
            JOIN chat_members AS peer ON peer.chat_id = me.chat_id AND peer.user_id <> me.user_id JOIN people AS person ON person.id = peer.user_id
            WHERE me.user_id = @user
            UNION ALL
            SELECT me.group_id, true, mine.last_activity_at, mine.last_seq, mine.last_change, mine.participant_count, {Revisions.OfGroup}
            FROM group_chat_participants AS me JOIN group_chats AS mine USING (group_id) WHERE me.user_id = @user
        )
        SELECT id, is_group, mine.last_seq IS NULL, known.seq IS NULL, coalesce(known.seq, 0), coalesce(known.change, 0), mine.last_seq, mine.last_change,
            CASE WHEN known.revision IS DISTINCT FROM mine.revision THEN mine.members ELSE 0 END
        FROM mine FULL JOIN known USING (id, is_group)
        WHERE mine.last_seq IS NULL OR known.seq IS NULL
            OR known.seq <> mine.last_seq OR known.change <> mine.last_change OR known.revision IS DISTINCT FROM mine.revision
        ORDER BY mine.last_activity_at DESC NULLS FIRST, id DESC LIMIT {SyncRequest.MostKnown + MostConversations + 1}
        """;

    public static NpgsqlBatchCommand Statement(Guid userId, IReadOnlyList<KnownConversationRequest> known) => Statements.BatchCommand(
        Sql,
        ("user", userId), ("ids", known.Select(one => one.Conversation.Id).ToArray()),
        ("are_groups", known.Select(one => one.GroupId is not null).ToArray()), ("seqs", known.Select(one => one.Seq ?? 0).ToArray()),
        ("changes", known.Select(one => one.Change ?? 0).ToArray()), ("revisions", known.Select(one => one.Revision ?? "").ToArray()));

    /// <returns>What differs, and the ids of what is not the caller's.</returns>
    public static async Task<(List<Difference> Differences, List<Guid> Gone)> ReadAsync(NpgsqlDataReader row, CancellationToken cancellationToken)
    {
        var (differences, gone) = (new List<Difference>(), new List<Guid>());
        while (await row.ReadAsync(cancellationToken))
        {
            var conversation = row.GetBoolean(1) ? Conversation.Group(row.GetGuid(0)) : Conversation.Chat(row.GetGuid(0));
            if (row.GetBoolean(2))
            {
                gone.Add(conversation.Id);
            }
            else
            {
                differences.Add(new(conversation, row.GetBoolean(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetInt64(7), row.GetInt32(8)));
            }
        }

        return (differences, gone);
    }
}
