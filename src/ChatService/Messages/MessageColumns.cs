using System.Text.Json;
using Explaino.ChatService.Conversations;
using Explaino.ServiceDefaults.Json;
using Npgsql;

namespace Explaino.ChatService.Messages;

/// <summary>How a message stands in a row of any statement here.</summary>
internal static class MessageColumns
{
    public const string All = "id, seq, sender_id, content, client_message_id, created_at, edited_at, deleted_at, change, attachments";

    /// <summary>How many columns <see cref="All"/> are.</summary>
    public const int Width = 10;

    private static readonly JsonSerializerOptions Json = JsonConventions.Apply(new JsonSerializerOptions());

    public static MessageResponse ReadMessage(this NpgsqlDataReader row, Conversation conversation, int first = 0) => new(
        row.GetGuid(first),
        conversation.ChatId,
        conversation.GroupId,
        row.GetInt64(first + 1),
        row.GetGuid(first + 2),
        row.IsDBNull(first + 3) ? null : row.GetString(first + 3),
        row.IsDBNull(first + 4) ? null : row.GetGuid(first + 4),
        row.GetFieldValue<DateTimeOffset>(first + 5),
        row.IsDBNull(first + 6) ? null : row.GetFieldValue<DateTimeOffset>(first + 6),
        row.IsDBNull(first + 7) ? null : row.GetFieldValue<DateTimeOffset>(first + 7),
        row.IsDBNull(first + 8) ? null : row.GetInt64(first + 8),
        row.IsDBNull(first + 9) ? [] : JsonSerializer.Deserialize<AttachmentResponse[]>(row.GetString(first + 9), Json)!);

    /// <summary>The same columns of another name: <c>message.id, message.seq, …</c></summary>
    public static string Of(string alias) => string.Join(", ", All.Split(", ").Select(column => $"{alias}.{column}"));

    /// <summary>
    /// How many messages a member, <c>me</c>, has not read, without counting them (docs/adr/0019): but for those that were taken back, which an index of their own has.
    /// </summary>
    public static string Unread(ConversationKind kind, string conversation) =>
        $"""
        {conversation}.last_seq - me.read_seq - me.own_after_read - (
            SELECT count(*) FROM {kind.Messages} AS gone
            WHERE gone.{kind.Key} = me.{kind.Key} AND gone.seq > me.read_seq AND gone.deleted_at IS NOT NULL AND gone.sender_id <> me.user_id)
        """;
}
