using Explaino.ChatService.Conversations;
using Explaino.ChatService.Notifications;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceFiles.Storage;
using Npgsql;

namespace Explaino.ChatService.Messages;

/// <summary>Erasure of what a deleted person attached: their messages stay, without it, and the members are told that they changed. Twice is once.</summary>
internal sealed class AttachmentErasure(NpgsqlDataSource database, ConversationBulkhead bulkhead, Notifier notifier, FileDisposal files)
{
    public async Task EraseAsync(Guid ownerId, CancellationToken cancellationToken)
    {
        foreach (var conversation in await ConversationsAsync(ownerId, cancellationToken))
        {
            await bulkhead.RunAsync(conversation.Id, () => EraseAsync(conversation, ownerId));
        }

        await using var unsent = database.Command(
            "WITH freed AS (DELETE FROM attachments WHERE owner_id = @owner RETURNING storage_key) SELECT ARRAY(SELECT storage_key FROM freed)", ("owner", ownerId));
        await files.DiscardAsync((Guid[])(await unsent.ExecuteScalarAsync(cancellationToken))!);
    }

    private async Task<List<Conversation>> ConversationsAsync(Guid ownerId, CancellationToken cancellationToken)
    {
        await using var command = database.Command(
            "SELECT DISTINCT chat_id, group_id FROM attachments WHERE owner_id = @owner AND message_id IS NOT NULL ORDER BY chat_id, group_id", ("owner", ownerId));
        var found = new List<Conversation>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            found.Add(Conversation.Of(row.IsDBNull(0) ? null : row.GetGuid(0), row.IsDBNull(1) ? null : row.GetGuid(1)));
        }

        return found;
    }

    private async Task<bool> EraseAsync(Conversation conversation, Guid ownerId)
    {
        var kind = conversation.Kind;
        await using var batch = database.Holding(
            $"{kind.Table} WHERE {kind.Key} = @conversation",
            $"""
            WITH bare AS (
                SELECT message_id, row_number() OVER (ORDER BY message_id) AS place
                FROM (SELECT DISTINCT message_id FROM attachments WHERE owner_id = @owner AND {kind.Key} = @conversation) AS carrying
            ), numbered AS (
                UPDATE {kind.Table} SET last_change = last_change + (SELECT count(*) FROM bare) WHERE {kind.Key} = @conversation
                RETURNING last_change - (SELECT count(*) FROM bare) AS before
            ), freed AS (
                DELETE FROM attachments WHERE owner_id = @owner AND {kind.Key} = @conversation RETURNING storage_key
            ), changed AS (
                UPDATE {kind.Messages} AS message SET attachments = NULL, change = before + place
                FROM bare, numbered WHERE message.{kind.Key} = @conversation AND message.id = message_id
                RETURNING {MessageColumns.Of("message")}
            )
            SELECT {MessageColumns.All}, ARRAY(SELECT user_id FROM {kind.Members} WHERE {kind.Key} = @conversation), ARRAY(SELECT storage_key FROM freed)
            FROM changed ORDER BY change
            """,
            ("conversation", conversation.Id), ("owner", ownerId));

        try
        {
            await AnnounceAsync(batch, conversation);
            return true;
        }
        catch (Exception e) when (TransientFailure.Is(e))
        {
            notifier.RequestResync();
            throw;
        }
    }

    private async Task AnnounceAsync(NpgsqlBatch batch, Conversation conversation)
    {
        var (changed, members, freed) = (new List<MessageResponse>(), Array.Empty<Guid>(), Array.Empty<Guid>());
        await using (var row = await batch.ReadLastAsync())
        {
            for (var more = row is not null; more; more = await row!.ReadAsync())
            {
                changed.Add(row!.ReadMessage(conversation));
                (members, freed) = (row!.GetFieldValue<Guid[]>(MessageColumns.Width), row.GetFieldValue<Guid[]>(MessageColumns.Width + 1));
            }
        }

        foreach (var message in changed)
        {
            notifier.Notify(new MessageChanged(message, message.Change!.Value), members);
        }

        await files.DiscardAsync(freed);
    }
}
