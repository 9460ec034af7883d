using Explaino.ChatService.Conversations;
using Explaino.ChatService.Notifications;
using Explaino.ServiceDefaults.Errors;
using Npgsql;

namespace Explaino.ChatService.Messages;

/// <param name="Message">As it stands.</param>
/// <param name="IsNew">False: it was sent before under the same <c>client_message_id</c>.</param>
internal sealed record SentMessage(MessageResponse Message, bool IsNew);

/// <summary>The one way in which something is said, changed or taken back, for REST and hub alike.</summary>
/// <remarks>
/// 1. The conversation's row is held: from here to the commit nobody else numbers anything in it.
/// 2. One statement looks at the rights, at what the same <c>client_message_id</c> sent before, gives the next number and stores; it also reads who is a member.
/// 3. After the commit the members' connections are told. A caller who goes away stops none of this: what is committed is announced.
/// </remarks>
internal sealed class MessageWriter(NpgsqlDataSource database, Notifier notifier, TimeProvider clock)
{
    public Task<Result<SentMessage>> SendAsync(Conversation conversation, Guid senderId, string content, Guid? clientMessageId) =>
        AnnouncedAsync<Result<SentMessage>>(async () =>
        {
            var kind = conversation.Kind;
            var now = clock.GetUtcNow();
            await using var batch = database.Holding(
                $"{kind.Table} WHERE {kind.Key} = @conversation",
                $"""
                WITH place AS (
                    SELECT EXISTS (SELECT FROM people WHERE id = @sender AND deleted_at IS NOT NULL) AS sender_deleted, {PeerDeleted(kind)} AS peer_deleted
                    FROM {kind.Members} WHERE {kind.Key} = @conversation AND user_id = @sender
                ), known AS (
                    SELECT {MessageRows.Columns} FROM {kind.Messages}
                    WHERE {kind.Key} = @conversation AND sender_id = @sender AND client_message_id = @client_message_id
                ), numbered AS (
                    UPDATE {kind.Table} SET last_seq = last_seq + 1, last_activity_at = greatest(last_activity_at, @now)
                    WHERE {kind.Key} = @conversation AND NOT EXISTS (SELECT FROM known)
                        AND EXISTS (SELECT FROM place WHERE NOT sender_deleted AND NOT peer_deleted)
                    RETURNING last_seq, last_activity_at
                ), counted AS (
                    UPDATE {kind.Members} SET own_after_read = own_after_read + 1
                    WHERE {kind.Key} = @conversation AND user_id = @sender AND EXISTS (SELECT FROM numbered)
                ), stored AS (
                    INSERT INTO {kind.Messages} (id, {kind.Key}, seq, sender_id, content, client_message_id, created_at)
                    SELECT @id, @conversation, last_seq, @sender, @content, @client_message_id, last_activity_at FROM numbered
                    RETURNING {MessageRows.Columns}
                )
                SELECT {MessageRows.Of("message")}, message.is_new, place.sender_deleted, {MembersOf(kind)}
                FROM place LEFT JOIN (
                    SELECT {MessageRows.Columns}, true AS is_new FROM stored UNION ALL SELECT {MessageRows.Columns}, false FROM known
                ) AS message ON true
                """,
                ("conversation", conversation.Id), ("sender", senderId), ("content", content), ("client_message_id", clientMessageId),
                ("id", Guid.CreateVersion7(now)), ("now", now));

            await using var row = await batch.ReadLastAsync();
            if (row is null)
            {
                return Refusal.ConversationNotFound(conversation);
            }

            if (row.IsDBNull(0))
            {
                return row.GetBoolean(MessageRows.Width + 1)
                    ? Refusal.AccountDeleted
                    : new Refusal(RefusalKind.Conflict, "peer_deleted", "The other person's account has been deleted.");
            }

            var sent = new SentMessage(row.ReadMessage(conversation), row.GetBoolean(MessageRows.Width));
            var members = row.GetFieldValue<Guid[]>(MessageRows.Width + 2);
            await row.CloseAsync();
            if (sent.IsNew)
            {
                notifier.Notify(new MessageSent(sent.Message), members);
            }

            return sent;
        });

    /// <param name="asSeen">What the message must still be, if the client set a condition.</param>
    public Task<Result<MessageResponse>> EditAsync(
        Conversation conversation, Guid senderId, Guid messageId, string content, MessageResponse? asSeen) =>
        ChangeAsync(conversation, senderId, messageId, "content = @content, edited_at = greatest(@now, edited_at + interval '1 microsecond')", content, asSeen);

    /// <summary>Once more is no change. The message keeps its place, without its words.</summary>
    public Task<Result<MessageResponse>> DeleteAsync(
        Conversation conversation, Guid senderId, Guid messageId, MessageResponse? asSeen) =>
        ChangeAsync(conversation, senderId, messageId, "content = NULL, deleted_at = @now", content: null, asSeen);

    private Task<Result<MessageResponse>> ChangeAsync(
        Conversation conversation, Guid senderId, Guid messageId, string change, string? content, MessageResponse? asSeen) =>
        AnnouncedAsync<Result<MessageResponse>>(async () =>
        {
            var kind = conversation.Kind;
            await using var batch = database.Holding(
                $"{kind.Table} WHERE {kind.Key} = @conversation",
                $"""
                WITH target AS (
                    SELECT {MessageRows.Columns} FROM {kind.Messages} WHERE {kind.Key} = @conversation AND id = @message
                ), numbered AS (
                    UPDATE {kind.Table} SET last_change = last_change + 1
                    WHERE {kind.Key} = @conversation AND EXISTS (
                        SELECT FROM target WHERE sender_id = @sender AND deleted_at IS NULL
                            AND (NOT @conditional OR coalesce(edited_at, '-infinity') = @edited_at))
                        AND EXISTS (SELECT FROM {kind.Members} WHERE {kind.Key} = @conversation AND user_id = @sender)
                    RETURNING last_change
                ), changed AS (
                    UPDATE {kind.Messages} SET {change}, change = last_change
                    FROM numbered WHERE {kind.Key} = @conversation AND id = @message
                    RETURNING {MessageRows.Columns}, change
                )
                SELECT {MessageRows.Of("message")}, message.change, {MembersOf(kind)}
                FROM {kind.Members} AS member LEFT JOIN (
                    SELECT {MessageRows.Columns}, change FROM changed
                    UNION ALL SELECT {MessageRows.Columns}, NULL FROM target WHERE NOT EXISTS (SELECT FROM changed)
                ) AS message ON true
                WHERE member.{kind.Key} = @conversation AND member.user_id = @sender
                """,
                ("conversation", conversation.Id), ("sender", senderId), ("message", messageId), ("now", clock.GetUtcNow()), ("content", content ?? ""),
                ("conditional", asSeen is not null), ("edited_at", asSeen?.EditedAt ?? DateTimeOffset.MinValue));

            await using var row = await batch.ReadLastAsync();
            if (row is null)
            {
                return Refusal.ConversationNotFound(conversation);
            }

            if (row.IsDBNull(0))
            {
                return Refusal.MessageNotFound;
            }

            var message = row.ReadMessage(conversation);
            if (row.IsDBNull(MessageRows.Width))
            {
                return message.DeletedAt is null && message.SenderId == senderId ? Refusal.PreconditionFailed
                    : message.SenderId != senderId ? new Refusal(RefusalKind.Forbidden, "not_the_sender", "Only its sender changes a message.")
                    : content is not null ? new Refusal(RefusalKind.Conflict, "message_deleted", "The message has been deleted.")
                    : message;
            }

            var (number, members) = (row.GetInt64(MessageRows.Width), row.GetFieldValue<Guid[]>(MessageRows.Width + 1));
            await row.CloseAsync();
            notifier.Notify(new MessageChanged(message, number), members);
            return message;
        });

    /// <summary>If the database went away in between, it may have committed all the same: connections then resync.</summary>
    private async Task<T> AnnouncedAsync<T>(Func<Task<T>> write)
    {
        try
        {
            return await write();
        }
        catch (Exception e) when (Outage.Is(e))
        {
            notifier.RequestResync();
            throw;
        }
    }

    private static string MembersOf(ConversationKind kind) => $"ARRAY(SELECT user_id FROM {kind.Members} WHERE {kind.Key} = @conversation)";

    private static string PeerDeleted(ConversationKind kind) => kind == ConversationKind.Group
        ? "false"
        : $"""
          EXISTS (SELECT FROM {kind.Members} AS peer JOIN people ON people.id = peer.user_id
              WHERE peer.{kind.Key} = @conversation AND peer.user_id <> @sender AND people.deleted_at IS NOT NULL)
          """;
}
