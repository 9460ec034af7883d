using System.ComponentModel;
using Explaino.ChatService.Conversations;
using Explaino.ChatService.Notifications;
using Explaino.ServiceDefaults.Validation;
using Microsoft.Extensions.Validation;
using Npgsql;
using NpgsqlTypes;

namespace Explaino.ChatService.Settings;

/// <summary>How a member wants a conversation to be shown and told of; nobody else sees it.</summary>
internal sealed record ConversationSettingsResponse(
    [property: Description("A time (RFC 3339), or the word forever; null: not muted.")] string? MutedUntil, bool Pinned, bool Archived);

/// <summary>What a member may change of it.</summary>
[ValidatableType]
public sealed record ConversationSettingsRequest([property: MutedUntil] string? MutedUntil, [property: RequiredMember] bool? Pinned, [property: RequiredMember] bool? Archived);

/// <summary>Writes a member's settings of a conversation: one statement, which leaves what it is not told.</summary>
internal sealed class ConversationSettingsWriter(NpgsqlDataSource database, PushDues dues, Notifier notifier)
{
    /// <param name="conversation">Which.</param>
    /// <param name="userId">Whose settings.</param>
    /// <param name="sessionId">Where they change them.</param>
    /// <param name="mutes">Whether anything is said of muting.</param>
    /// <param name="mutedUntil">Null: not muted.</param>
    /// <param name="pinned">Null leaves it.</param>
    /// <param name="archived">Null leaves it.</param>
    public async Task<Result<ConversationSettingsResponse>> ChangeAsync(
        Conversation conversation, Guid userId, Guid sessionId, bool mutes, DateTimeOffset? mutedUntil, bool? pinned, bool? archived)
    {
        var kind = conversation.Kind;
        await using var command = database.Command(
            $"""
            WITH moved AS (
                UPDATE {kind.Members} SET muted_until = CASE WHEN @mutes THEN @muted_until ELSE muted_until END,
                    pinned = coalesce(@pinned, pinned), archived = coalesce(@archived, archived)
                WHERE {kind.Key} = @conversation AND user_id = @user
                RETURNING muted_until, pinned, archived
            ){dues.AfterReading}
            SELECT muted_until, pinned, archived FROM moved
            """,
            ("conversation", conversation.Id), ("user", userId), ("session", sessionId), ("mutes", mutes));
        command.Parameters.Add(new NpgsqlParameter("muted_until", NpgsqlDbType.TimestampTz) { Value = (object?)mutedUntil ?? DBNull.Value });
        command.Parameters.Add(new NpgsqlParameter("pinned", NpgsqlDbType.Boolean) { Value = (object?)pinned ?? DBNull.Value });
        command.Parameters.Add(new NpgsqlParameter("archived", NpgsqlDbType.Boolean) { Value = (object?)archived ?? DBNull.Value });

        await using var row = await command.ExecuteReaderAsync(CancellationToken.None);
        if (!await row.ReadAsync(CancellationToken.None))
        {
            return Refusal.ConversationNotFound(conversation);
        }

        var until = row.IsDBNull(0) ? (DateTimeOffset?)null : row.GetFieldValue<DateTimeOffset>(0);
        var settings = new ConversationSettingsResponse(MutedUntil.ToWire(until), row.GetBoolean(1), row.GetBoolean(2));
        notifier.Notify(new ConversationTouched(), [userId]);
        return settings;
    }
}
