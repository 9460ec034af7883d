using Explaino.ChatService.Conversations;
using Explaino.ChatService.Notifications;
using Explaino.ServiceData.Blocks;
using Npgsql;

namespace Explaino.ChatService.Messages;

/// <summary>How far members have read, for REST and hub alike; never backwards.</summary>
internal sealed class ReadMarkers(NpgsqlDataSource database, Notifier notifier, PushDues dues)
{
    /// <param name="conversation">Which.</param>
    /// <param name="userId">Whose marker.</param>
    /// <param name="sessionId">Where they read: what is there knows of it.</param>
    /// <param name="messageId">Up to which message.</param>
    /// <returns>Null, or why not.</returns>
    public async Task<Refusal?> MarkReadAsync(Conversation conversation, Guid userId, Guid sessionId, Guid messageId)
    {
        // The member's row is held, so that what is counted is what lies between the marker as it is and as it will be.
        var kind = conversation.Kind;
        await using var batch = database.Holding(
            $"{kind.Members} WHERE {kind.Key} = @conversation AND user_id = @user",
            $"""
            WITH member AS (
                SELECT read_seq FROM {kind.Members} WHERE {kind.Key} = @conversation AND user_id = @user
            ), target AS (
                SELECT seq FROM {kind.Messages} WHERE {kind.Key} = @conversation AND id = @message
            ), moved AS (
                UPDATE {kind.Members} AS m
                SET read_seq = target.seq, own_after_read = m.own_after_read - (
                    SELECT count(*) FROM {kind.Messages} AS own
                    WHERE own.{kind.Key} = @conversation AND own.seq > m.read_seq AND own.seq <= target.seq AND own.sender_id = @user)
                FROM target
                WHERE m.{kind.Key} = @conversation AND m.user_id = @user AND m.read_seq < target.seq
                RETURNING m.read_seq
            ){dues.AfterReading}
            SELECT EXISTS (SELECT FROM target), (SELECT read_seq FROM moved),
                {ReachableMembers(kind)}
            FROM member
            """,
            ("conversation", conversation.Id), ("user", userId), ("session", sessionId), ("message", messageId));

        await using var row = await batch.ReadLastAsync();
        if (row is null)
        {
            return Refusal.ConversationNotFound(conversation);
        }

        if (!row.GetBoolean(0))
        {
            return Refusal.MessageNotFound;
        }

        if (!row.IsDBNull(1))
        {
            var read = new ConversationRead(conversation.ChatId, conversation.GroupId, userId, messageId, row.GetInt64(1));
            notifier.Notify(new MemberRead(read), row.GetFieldValue<Guid[]>(2));
        }

        return null;
    }

    /// <summary>Everybody in a conversation, if this user is, but those of whom and this user one blocks the other.</summary>
    public async Task<Guid[]?> MembersAsync(Conversation conversation, Guid userId, CancellationToken cancellationToken)
    {
        var kind = conversation.Kind;
        await using var command = database.Command(
            $"""
            SELECT {ReachableMembers(kind)}
            FROM {kind.Members} WHERE {kind.Key} = @conversation AND user_id = @user
            """,
            ("conversation", conversation.Id), ("user", userId));
        return await command.ExecuteScalarAsync(cancellationToken) as Guid[];
    }

    private static string ReachableMembers(ConversationKind kind) =>
        $"""
        ARRAY(SELECT user_id FROM {kind.Members} AS someone
            WHERE someone.{kind.Key} = @conversation AND NOT {BlockStatements.Between("someone.user_id", "@user")})
        """;
}
