using System.ComponentModel;
using Explaino.ChatService.Conversations;
using Explaino.ChatService.Messages;
using Npgsql;

namespace Explaino.ChatService.Unread;

/// <summary>What somebody has not seen yet (docs/contract.md#6-chat).</summary>
public sealed record UnreadResponse(
    [property: Description("Messages of others that are not read, in all conversations.")] long Messages,
    [property: Description("Conversations that have any.")] long Conversations,
    [property: Description("Notifications that are not read.")] long Notifications,
    [property: Description("The number for an app's icon: such conversations, and such notifications.")] long Badge);

/// <summary>Reads how much somebody has not seen; one statement for however many people, and no message is counted (docs/adr/0019).</summary>
internal sealed class UnreadStatements(NpgsqlDataSource database)
{
    private static readonly string SqlOfMany = SqlOf("unnest(@users)");

    // Of one alone: an array of one is planned anew each time, as the plan for arrays of any length looks dearer.
    private static readonly string SqlOfOne = SqlOf("(VALUES (@user))");

    public async Task<UnreadResponse> ReadAsync(Guid userId, CancellationToken cancellationToken)
    {
        await using var command = database.Command(SqlOfOne, ("user", userId));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return (await ReadAsync(row, cancellationToken))[userId];
    }

    public async Task<Dictionary<Guid, UnreadResponse>> ReadAsync(Guid[] userIds, CancellationToken cancellationToken)
    {
        await using var command = database.Command(SqlOfMany, ("users", userIds));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await ReadAsync(row, cancellationToken);
    }

    /// <summary>The same inside somebody's transaction.</summary>
    public static NpgsqlBatchCommand Statement(Guid userId) => Statements.BatchCommand(SqlOfOne, ("user", userId));

    /// <summary>What <see cref="Statement"/> gives.</summary>
    public static async Task<Dictionary<Guid, UnreadResponse>> ReadAsync(NpgsqlDataReader row, CancellationToken cancellationToken)
    {
        var found = new Dictionary<Guid, UnreadResponse>();
        while (await row.ReadAsync(cancellationToken))
        {
            found[row.GetGuid(0)] = new(row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4));
        }

        return found;
    }

    private static string SqlOf(string people) =>
        $"""
        SELECT someone.id, total.messages, total.conversations, feed.unread, total.badge + feed.unread
        FROM {people} AS someone (id)
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(count), 0)::bigint AS messages, count(*) FILTER (WHERE count > 0) AS conversations,
                count(*) FILTER (WHERE count > 0 AND NOT quiet) AS badge
            FROM ({CountsOf(ConversationKind.Chat)} UNION ALL {CountsOf(ConversationKind.Group)}) AS unread
        ) AS total
        CROSS JOIN LATERAL (SELECT coalesce((SELECT unread FROM feeds WHERE user_id = someone.id), 0) AS unread) AS feed
        """;

    private static string CountsOf(ConversationKind kind) =>
        $"""
        SELECT {MessageColumns.Unread(kind, "conversation")} AS count, me.archived OR coalesce(me.muted_until > now(), false) AS quiet
        FROM {kind.Members} AS me JOIN {kind.Table} AS conversation USING ({kind.Key}) WHERE me.user_id = someone.id
        """;
}
