using Explaino.ChatService.Attachments;
using Explaino.ChatService.Conversations;
using Explaino.ChatService.Notifications;
using Explaino.ServiceData.Blocks;
using Explaino.ServiceData.Moderation;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceFiles.Storage;
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
internal sealed class MessageWriter(
    NpgsqlDataSource database, ConversationBulkhead bulkhead, Notifier notifier, FileDisposal files, AttachmentUrls urls, ContentTerms words, PushDues dues, TimeProvider clock)
{
    public Task<Result<SentMessage>> SendAsync(Conversation conversation, Guid senderId, OutgoingMessage message) =>
        AnnouncedAsync<Result<SentMessage>>(conversation, async () =>
        {
            if (words.Rejects(message.Content))
            {
                return Refusal.ContentNotAllowed;
            }

            var kind = conversation.Kind;
            var now = clock.GetUtcNow();
            var carries = message.AttachmentIds.Length > 0;
            var id = Guid.CreateVersion7(now);
            var flag = MessageFlag.For(words, conversation, senderId, id, message.Content, now);
            await using var batch = database.Holding(
                $"{kind.Table} WHERE {kind.Key} = @conversation",
                $"""
                WITH place AS (
                    SELECT EXISTS (SELECT FROM people WHERE id = @sender AND deleted_at IS NOT NULL) AS sender_deleted, {PeerDeleted(kind)} AS peer_deleted,
                        {PeerBlocked(kind)} AS peer_blocked
                    FROM {kind.Members} WHERE {kind.Key} = @conversation AND user_id = @sender
                ), known AS (
                    SELECT {MessageColumns.All} FROM {kind.Messages}
                    WHERE {kind.Key} = @conversation AND sender_id = @sender AND client_message_id = @client_message_id
                ), {(carries ? $"{AttachmentSql.Chosen}, " : "")}numbered AS (
                    UPDATE {kind.Table} SET last_seq = last_seq + 1, last_activity_at = greatest(last_activity_at, @now)
                    WHERE {kind.Key} = @conversation AND NOT EXISTS (SELECT FROM known)
                        AND EXISTS (SELECT FROM place WHERE NOT sender_deleted AND NOT peer_deleted AND NOT peer_blocked)
                        AND {(carries ? AttachmentSql.AllAreChosen : "true")}
                    RETURNING last_seq, last_activity_at
                ), counted AS (
                    UPDATE {kind.Members} SET own_after_read = own_after_read + 1
                    WHERE {kind.Key} = @conversation AND user_id = @sender AND EXISTS (SELECT FROM numbered)
                ), {(carries ? $"{AttachmentSql.Attached(kind)}, " : "")}stored AS (
                    INSERT INTO {kind.Messages} (id, {kind.Key}, seq, sender_id, content, client_message_id, created_at, written_in, attachments)
                    SELECT @id, @conversation, last_seq, @sender, @content, @client_message_id, last_activity_at, pg_current_xact_id(),
                        {(carries ? AttachmentSql.Description : "NULL")} FROM numbered
                    RETURNING {MessageColumns.All}
                ){flag.Storing("stored")}{dues.AfterMessage(kind)}
                SELECT {MessageColumns.Of("message")}, message.is_new, place.sender_deleted, place.peer_blocked, {MembersOf(kind)}, place.peer_deleted,
                    {(carries ? AttachmentSql.FirstMissing : "NULL")}
                FROM place LEFT JOIN (
                    SELECT {MessageColumns.All}, true AS is_new FROM stored UNION ALL SELECT {MessageColumns.All}, false FROM known
                ) AS message ON true
                """,
                [
                    ("conversation", conversation.Id), ("sender", senderId), ("content", message.Content), ("client_message_id", message.ClientMessageId), ("id", id),
                    ("now", now), ("attachments", message.AttachmentIds), ("unsent_since", now - AttachmentSql.UnsentLifetime), ("url_prefix", urls.Prefix),
                    .. flag.Parameters,
                ]);

            await using var row = await batch.ReadLastAsync();
            if (row is null)
            {
                return Refusal.ConversationNotFound(conversation);
            }

            if (row.IsDBNull(0))
            {
                return row.GetBoolean(MessageColumns.Width + 1) ? Refusal.AccountDeleted
                    : row.GetBoolean(MessageColumns.Width + 2) ? Refusal.NotReachable
                    : row.GetBoolean(MessageColumns.Width + 4) ? new Refusal(RefusalKind.Conflict, "peer_deleted", "The other person's account has been deleted.")
                    : Refusal.Invalid($"attachment_ids[{row.GetInt64(MessageColumns.Width + 5)}]", "Is not an attachment of yours that waits to be sent.");
            }

            var sent = new SentMessage(row.ReadMessage(conversation), row.GetBoolean(MessageColumns.Width));
            var members = row.GetFieldValue<Guid[]>(MessageColumns.Width + 3);
            await row.CloseAsync();
            if (sent.IsNew)
            {
                notifier.Notify(new MessageSent(sent.Message), members);
            }

            return sent;
        });

    /// <param name="conversation">Where.</param>
    /// <param name="senderId">Who wants it.</param>
    /// <param name="messageId">Which.</param>
    /// <param name="content">Null, or what it is already: nothing changes, and nobody is told.</param>
    /// <param name="asSeen">What the message must still be, if the client set a condition.</param>
    public Task<Result<MessageResponse>> EditAsync(Conversation conversation, Guid senderId, Guid messageId, string? content, MessageResponse? asSeen) =>
        ChangeAsync(
            conversation,
            senderId,
            messageId,
            content is null ? "false" : "content IS DISTINCT FROM @content",
            PeerBlocked(conversation.Kind),
            "content = @content, edited_at = greatest(@now, edited_at + interval '1 microsecond')",
            content ?? "",
            Refusal.MessageDeleted,
            asSeen);

    /// <summary>Once more is no change. The message keeps its place, without its words.</summary>
    public Task<Result<MessageResponse>> DeleteAsync(Conversation conversation, Guid senderId, Guid messageId, MessageResponse? asSeen) =>
        ChangeAsync(conversation, senderId, messageId, "true", "false", "content = NULL, attachments = NULL, deleted_at = @now", "", ifDeleted: null, asSeen);

    /// <summary>Takes a message away by a decision of a moderator, whoever is in the conversation by now; once more is no change.</summary>
    public Task RemoveAsync(Conversation conversation, Guid messageId) => AnnouncedAsync(conversation, async () =>
    {
        var kind = conversation.Kind;
        await using var batch = database.Holding(
            $"{kind.Table} WHERE {kind.Key} = @conversation",
            $"""
            WITH numbered AS (
                UPDATE {kind.Table} SET last_change = last_change + 1
                WHERE {kind.Key} = @conversation
                    AND EXISTS (SELECT FROM {kind.Messages} WHERE {kind.Key} = @conversation AND id = @message AND deleted_at IS NULL)
                RETURNING last_change
            ), changed AS (
                UPDATE {kind.Messages} SET content = NULL, attachments = NULL, deleted_at = @now, change = last_change
                FROM numbered WHERE {kind.Key} = @conversation AND id = @message
                RETURNING {MessageColumns.All}
            ), {AttachmentSql.Freed}
            SELECT {MessageColumns.All}, {MembersOf(kind)}, ARRAY(SELECT storage_key FROM freed) FROM changed
            """,
            ("conversation", conversation.Id), ("message", messageId), ("now", clock.GetUtcNow()));

        await using var row = await batch.ReadLastAsync();
        if (row is null)
        {
            return false;
        }

        var message = row.ReadMessage(conversation);
        var (members, freed) = (row.GetFieldValue<Guid[]>(MessageColumns.Width), row.GetFieldValue<Guid[]>(MessageColumns.Width + 1));
        await row.CloseAsync();
        notifier.Notify(new MessageChanged(message, message.Change!.Value), members);
        await files.DiscardAsync(freed);
        return true;
    });

    /// <summary>Reads and writes the message in one statement while its conversation is held: what is decided is decided about the message as it is.</summary>
    private Task<Result<MessageResponse>> ChangeAsync(
        Conversation conversation, Guid senderId, Guid messageId, string when, string unless, string change, string content, Refusal? ifDeleted, MessageResponse? asSeen) =>
        AnnouncedAsync<Result<MessageResponse>>(conversation, async () =>
        {
            if (words.Rejects(content))
            {
                return Refusal.ContentNotAllowed;
            }

            var (kind, now) = (conversation.Kind, clock.GetUtcNow());
            var flag = MessageFlag.For(words, conversation, senderId, messageId, content, now);
            await using var batch = database.Holding(
                $"{kind.Table} WHERE {kind.Key} = @conversation",
                $"""
                WITH target AS (
                    SELECT {MessageColumns.All} FROM {kind.Messages} WHERE {kind.Key} = @conversation AND id = @message
                ), numbered AS (
                    UPDATE {kind.Table} SET last_change = last_change + 1
                    WHERE {kind.Key} = @conversation AND EXISTS (
                        SELECT FROM target WHERE sender_id = @sender AND deleted_at IS NULL AND (NOT @conditional OR coalesce(change, 0) = @as_seen) AND {when} AND NOT {unless})
                        AND EXISTS (SELECT FROM {kind.Members} WHERE {kind.Key} = @conversation AND user_id = @sender)
                    RETURNING last_change
                ), changed AS (
                    UPDATE {kind.Messages} SET {change}, change = last_change
                    FROM numbered WHERE {kind.Key} = @conversation AND id = @message
                    RETURNING {MessageColumns.All}
                ){(ifDeleted is null ? $", {AttachmentSql.Freed}" : "")}{flag.Storing("changed")}
                SELECT {MessageColumns.Of("message")}, message.is_changed, message.is_refused, {MembersOf(kind)},
                    {(ifDeleted is null ? "ARRAY(SELECT storage_key FROM freed)" : "ARRAY[]::uuid[]")}
                FROM {kind.Members} AS member LEFT JOIN (
                    SELECT {MessageColumns.All}, true AS is_changed, false AS is_refused FROM changed
                    UNION ALL SELECT {MessageColumns.All}, false, {when} AND {unless} FROM target WHERE NOT EXISTS (SELECT FROM changed)
                ) AS message ON true
                WHERE member.{kind.Key} = @conversation AND member.user_id = @sender
                """,
                [
                    ("conversation", conversation.Id), ("sender", senderId), ("message", messageId), ("now", now), ("content", content),
                    ("conditional", asSeen is not null), ("as_seen", asSeen?.Change ?? 0L), .. flag.Parameters,
                ]);

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
            if (!row.GetBoolean(MessageColumns.Width))
            {
                return message.SenderId != senderId ? new Refusal(RefusalKind.Forbidden, "not_the_sender", "Only its sender changes a message.")
                    : message.DeletedAt is not null && ifDeleted is not null ? ifDeleted
                    : message.DeletedAt is null && asSeen is not null && asSeen.Change != message.Change ? Refusal.PreconditionFailed
                    : message.DeletedAt is null && row.GetBoolean(MessageColumns.Width + 1) ? Refusal.NotReachable
                    : message;
            }

            var (members, freed) = (row.GetFieldValue<Guid[]>(MessageColumns.Width + 2), row.GetFieldValue<Guid[]>(MessageColumns.Width + 3));
            await row.CloseAsync();
            notifier.Notify(new MessageChanged(message, message.Change!.Value), members);
            await files.DiscardAsync(freed);
            return message;
        });

    /// <summary>If the database went away in between, it may have committed all the same: connections then resync.</summary>
    private async Task<T> AnnouncedAsync<T>(Conversation conversation, Func<Task<T>> write)
    {
        try
        {
            return await bulkhead.RunAsync(conversation.Id, write);
        }
        catch (Exception e) when (TransientFailure.Is(e))
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

    /// <summary>In groups what is said goes on, whoever blocks whom.</summary>
    private static string PeerBlocked(ConversationKind kind) => kind == ConversationKind.Group
        ? "false"
        : $"""
          EXISTS (SELECT FROM {kind.Members} AS peer
              WHERE peer.{kind.Key} = @conversation AND peer.user_id <> @sender AND {BlockStatements.Between("peer.user_id", "@sender")})
          """;
}
