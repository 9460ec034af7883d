using Explaino.ChatService.Conversations;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Paging;
using Npgsql;

namespace Explaino.ChatService.Messages;

/// <summary>Searches what has been said, as somebody: in their conversations only.</summary>
internal sealed class SearchStatements(NpgsqlDataSource database)
{
    /// <summary>
    /// Full-text over everything the user can see, newest first. Each conversation is asked for its newest matches through its own part of the index, so that what others
    /// say costs nothing.
    /// </summary>
    public async Task<ProblemOr<Page<MessageResponse>>> FindAsync(
        Guid userId, string text, PageRequest page, CancellationToken cancellationToken)
    {
        var list = $"search {text}";
        if (!page.TryRead<Found>(list, out var last, out var refusal))
        {
            return refusal;
        }

        await using var command = database.Command(
            $"""
            SELECT {MessageColumns.Of("found")}, found.chat_id, found.group_id
            FROM ({MatchesOf(ConversationKind.Chat)} UNION ALL {MatchesOf(ConversationKind.Group)}) AS found
            ORDER BY found.created_at DESC, found.id DESC LIMIT @rows
            """,
            ("user", userId), ("text", text), ("created_at", last?.CreatedAt ?? DateTimeOffset.MaxValue.ToUniversalTime()),
            ("id", last?.Id ?? Guid.AllBitsSet), ("rows", page.Rows));

        var messages = new List<MessageResponse>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            messages.Add(row.ReadMessage(Conversation.Of(
                row.IsDBNull(MessageColumns.Width) ? null : row.GetGuid(MessageColumns.Width),
                row.IsDBNull(MessageColumns.Width + 1) ? null : row.GetGuid(MessageColumns.Width + 1))));
        }

        return messages.ToPage(page, list, message => new Found(message.CreatedAt, message.Id));
    }

    private static string MatchesOf(ConversationKind kind) =>
        $"""
        (SELECT match.*, {(kind == ConversationKind.Chat ? "member.chat_id, NULL::uuid AS group_id" : "NULL::uuid AS chat_id, member.group_id")}
        FROM {kind.Members} AS member CROSS JOIN text_query(@text) AS query
        CROSS JOIN LATERAL (
            SELECT {MessageColumns.All} FROM {kind.Messages}
            WHERE {kind.Key} = member.{kind.Key} AND words @@ query AND (created_at, id) < (@created_at, @id)
            ORDER BY created_at DESC, id DESC LIMIT @rows
        ) AS match
        WHERE member.user_id = @user)
        """;

    private sealed record Found(DateTimeOffset CreatedAt, Guid Id);
}
