using Explaino.ChatService.Attachments;
using Explaino.ChatService.Conversations;
using Explaino.ChatService.Notifications;
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
                MessageSql.Send(kind, carries, flag.Storing("stored"), dues.AfterMessage(kind)),
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
        ChangeAsync(conversation, senderId, messageId, MessageChange.Edit(conversation.Kind, content is not null), content ?? "", Refusal.MessageDeleted, asSeen);

    /// <summary>Once more is no change. The message keeps its place, without its words.</summary>
    public Task<Result<MessageResponse>> DeleteAsync(Conversation conversation, Guid senderId, Guid messageId, MessageResponse? asSeen) =>
        ChangeAsync(conversation, senderId, messageId, MessageChange.Deletion, "", ifDeleted: null, asSeen);

    /// <summary>Takes a message away by a decision of a moderator, whoever is in the conversation by now; once more is no change.</summary>
    public Task RemoveAsync(Conversation conversation, Guid messageId) => AnnouncedAsync(conversation, async () =>
    {
        var kind = conversation.Kind;
        await using var batch = database.Holding(
            $"{kind.Table} WHERE {kind.Key} = @conversation",
            MessageSql.Remove(kind, dues.AfterDeletion(kind)),
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
        Conversation conversation, Guid senderId, Guid messageId, MessageChange change, string content, Refusal? ifDeleted, MessageResponse? asSeen) =>
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
                MessageSql.Change(kind, change, flag.Storing("changed"), change.FreesAttachments ? dues.AfterDeletion(kind) : ""),
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
}
