using System.Diagnostics;
using System.Text.Json;
using Explaino.ChatService.Conversations;
using Explaino.ServiceData.Moderation;
using Explaino.ServiceData.Outbox;
using Explaino.ServiceData.Reports;

namespace Explaino.ChatService.Messages;

/// <summary>What a message's statement stores beside it when a moderator is to look at its words: an event, if and only if the message is.</summary>
internal sealed class MessageFlag
{
    public static readonly MessageFlag None = new();

    /// <summary>A further common table expression; reads the message from the one that is named.</summary>
    public string Storing(string stored) => Parameters is []
        ? ""
        : $"""
          , flagged AS (
              INSERT INTO outbox_messages (id, name, payload, user_id, trace_parent, created_at, attempts)
              SELECT @flag, @flag_name, @flag_payload::jsonb, @sender, nullif(@flag_trace, ''), @now, 0 FROM {stored}
          )
          """;

    public (string Name, object? Value)[] Parameters { get; private init; } = [];

    public static MessageFlag For(ContentTerms words, Conversation conversation, Guid senderId, Guid messageId, string? content, DateTimeOffset now)
    {
        if (!words.Flags(("content", content)))
        {
            return None;
        }

        var type = conversation.Kind == ConversationKind.Group ? ReportedType.GroupMessage : ReportedType.Message;
        var told = ReportTaking.FlagOf(new("chat", type, messageId, conversation.Id, senderId, new(null, content, [], [], now)), now);
        return new()
        {
            Parameters =
            [
                ("flag", told.ReportId), ("flag_name", EventName.Of<ContentReported>()), ("flag_payload", JsonSerializer.Serialize(told, JsonSerializerOptions.Web)),
                ("flag_trace", Activity.Current?.Id ?? ""),
            ],
        };
    }
}
