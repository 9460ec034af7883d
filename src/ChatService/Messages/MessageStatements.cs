using Explaino.ChatService.Conversations;
using Npgsql;

namespace Explaino.ChatService.Messages;

/// <summary>Where a member's conversation stands.</summary>
internal sealed record Head(Conversation Conversation, long LastSeq, long LastChange, long JoinedSeq, long Revision);

/// <summary>Reads what has been said, as somebody: what they are no member of is not there.</summary>
/// <remarks>What the delivery to devices reads by is virtual, so that its interleavings can be tried without a database.</remarks>
internal class MessageStatements(NpgsqlDataSource database)
{
    public async Task<Result<MessageResponse>> FindAsync(
        Conversation conversation, Guid userId, Guid messageId, CancellationToken cancellationToken)
    {
        var kind = conversation.Kind;
        await using var command = database.Command(
            $"""
            SELECT {MessageColumns.Of("message")}
            FROM {kind.Members} AS member LEFT JOIN {kind.Messages} AS message ON message.{kind.Key} = member.{kind.Key} AND message.id = @message
            WHERE member.{kind.Key} = @conversation AND member.user_id = @user
            """,
            ("conversation", conversation.Id), ("user", userId), ("message", messageId));

        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return !await row.ReadAsync(cancellationToken) ? Refusal.ConversationNotFound(conversation)
            : row.IsDBNull(0) ? Refusal.MessageNotFound
            : row.ReadMessage(conversation);
    }

    /// <summary>A message with those before it, oldest first.</summary>
    public async Task<Result<List<MessageResponse>>> FindWithBeforeAsync(
        Conversation conversation, Guid userId, Guid messageId, int before, CancellationToken cancellationToken)
    {
        var message = await FindAsync(conversation, userId, messageId, cancellationToken);
        if (!message.Succeeded)
        {
            return message.Refusal;
        }

        var earlier = await AfterAsync(conversation, userId, "seq", message.Value.Seq - before - 1, before + 1, cancellationToken);
        return earlier.FindAll(said => said.Seq <= message.Value.Seq);
    }

    /// <summary>A part of a conversation; a further page goes on in the direction in which the first one went.</summary>
    public async Task<Result<List<MessageResponse>>> HistoryAsync(
        Conversation conversation, Guid userId, HistoryRequest part, HistoryPosition? position, int rows, CancellationToken cancellationToken)
    {
        var kind = conversation.Kind;
        var number = part.ChangedAfter is null ? "seq" : "change";
        var forward = position?.Forward ?? part.IsForward;
        var anchor = part.After ?? part.Before ?? part.Around;
        await using var command = database.Command(
            $"""
            SELECT {MessageColumns.Of("message")}, anchor.seq
            FROM {kind.Members} AS member
            CROSS JOIN LATERAL (SELECT coalesce(@position, CASE WHEN @from_the_start THEN 0 ELSE
                (SELECT seq FROM {kind.Messages} WHERE {kind.Key} = member.{kind.Key} AND id = @anchor) END) AS seq) AS anchor
            LEFT JOIN LATERAL (
                {(part.Around is not null && position is null ? AroundSql(kind, rows) : PartSql(kind, number, forward, rows))}
            ) AS message ON true
            WHERE member.{kind.Key} = @conversation AND member.user_id = @user
            ORDER BY message.{number} {(forward ? "ASC" : "DESC")}
            """,
            ("conversation", conversation.Id), ("user", userId), ("anchor", position is null ? anchor : null),
            ("from_the_start", part.After == Guid.Empty));
        command.Parameters.Add(new NpgsqlParameter("position", NpgsqlTypes.NpgsqlDbType.Bigint) { Value = (object?)(position?.Seq ?? part.ChangedAfter) ?? DBNull.Value });

        var messages = new List<MessageResponse>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken))
        {
            return Refusal.ConversationNotFound(conversation);
        }

        if (anchor is not null && row.IsDBNull(MessageColumns.Width))
        {
            return Refusal.Invalid(part.Around is not null ? "around" : forward ? "after" : "before", "Is not a message of this conversation.");
        }

        for (var more = !row.IsDBNull(0); more; more = await row.ReadAsync(cancellationToken))
        {
            messages.Add(row.ReadMessage(conversation));
        }

        return messages;
    }

    /// <summary>Where each of the user's conversations stands; null if the user is deleted.</summary>
    public virtual async Task<List<Head>?> HeadsAsync(Guid userId, CancellationToken cancellationToken)
    {
        await using var command = database.Command(
            """
            SELECT chat_id, NULL, last_seq, last_change, joined_seq, 0 FROM chat_members JOIN chats USING (chat_id) WHERE user_id = @user
            UNION ALL
            SELECT NULL, group_id, last_seq, last_change, joined_seq, revision FROM group_chat_participants JOIN group_chats USING (group_id) WHERE user_id = @user
            UNION ALL
            SELECT NULL, NULL, 0, 0, 0, 0 FROM people WHERE id = @user AND deleted_at IS NOT NULL
            """,
            ("user", userId));

        var heads = new List<Head>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            if (row.IsDBNull(0) && row.IsDBNull(1))
            {
                return null;
            }

            var conversation = row.IsDBNull(0) ? Conversation.Group(row.GetGuid(1)) : Conversation.Chat(row.GetGuid(0));
            heads.Add(new(conversation, row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5)));
        }

        return heads;
    }

    /// <summary>The next messages after <paramref name="seq"/>, oldest first.</summary>
    public virtual Task<List<MessageResponse>> SentAfterAsync(Conversation conversation, Guid userId, long seq, int limit, CancellationToken cancellationToken) =>
        AfterAsync(conversation, userId, "seq", seq, limit, cancellationToken);

    /// <summary>The next changes after the one of this number, in their order; of several changes of one message only the latest is left.</summary>
    public virtual Task<List<MessageResponse>> ChangedAfterAsync(Conversation conversation, Guid userId, long change, int limit, CancellationToken cancellationToken) =>
        AfterAsync(conversation, userId, "change", change, limit, cancellationToken);

    private static string PartSql(ConversationKind kind, string number, bool forward, int rows) =>
        $"""
        SELECT {MessageColumns.All} FROM {kind.Messages}
        WHERE {kind.Key} = member.{kind.Key} AND {(forward ? $"{number} > anchor.seq" : "seq < coalesce(anchor.seq, 9223372036854775807)")}
        ORDER BY {number} {(forward ? "ASC" : "DESC")} LIMIT {rows}
        """;

    private static string AroundSql(ConversationKind kind, int rows) =>
        $"""
        (SELECT {MessageColumns.All} FROM {kind.Messages} WHERE {kind.Key} = member.{kind.Key} AND seq < anchor.seq ORDER BY seq DESC LIMIT {(rows - 1) / 2})
        UNION ALL
        (SELECT {MessageColumns.All} FROM {kind.Messages} WHERE {kind.Key} = member.{kind.Key} AND seq >= anchor.seq ORDER BY seq LIMIT {rows - (rows - 1) / 2})
        """;

    private async Task<List<MessageResponse>> AfterAsync(
        Conversation conversation, Guid userId, string number, long after, int limit, CancellationToken cancellationToken)
    {
        var kind = conversation.Kind;
        await using var command = database.Command(
            $"""
            SELECT {MessageColumns.All} FROM {kind.Messages}
            WHERE {kind.Key} = @conversation AND {number} > @after
                AND EXISTS (SELECT FROM {kind.Members} WHERE {kind.Key} = @conversation AND user_id = @user)
            ORDER BY {number} LIMIT {limit}
            """,
            ("conversation", conversation.Id), ("user", userId), ("after", after));

        var found = new List<MessageResponse>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            found.Add(row.ReadMessage(conversation));
        }

        return found;
    }
}
