using Explaino.ChatService.Conversations;

namespace Explaino.ChatService.Attachments;

/// <summary>
/// The parts of a message's statement that take attachments along. Their rows are locked, in one order, after the conversation's: of two messages that
/// want one attachment the second finds it taken. Parameters: <c>@attachments</c>, <c>@unsent_since</c>, <c>@url_prefix</c>.
/// </summary>
internal static class AttachmentSql
{
    /// <summary>How long an attachment waits for its message (docs/contract.md#6-chat).</summary>
    public static readonly TimeSpan UnsentLifetime = TimeSpan.FromHours(24);

    /// <summary>A common table, <c>chosen</c>: those of the wanted ones that the sender may send.</summary>
    public const string Chosen =
        """
        chosen AS MATERIALIZED (
            SELECT * FROM attachments
            WHERE id = ANY(@attachments) AND owner_id = @sender AND message_id IS NULL AND created_at > @unsent_since
            ORDER BY id FOR UPDATE
        )
        """;

    public const string AllAreChosen = "(SELECT count(*) FROM chosen) = cardinality(@attachments)";

    /// <summary>The first of the wanted ones that is not chosen, as its place in the list, from 0; else null.</summary>
    public const string FirstMissing = "(SELECT min(place) - 1 FROM unnest(@attachments) WITH ORDINALITY AS wanted (id, place) WHERE wanted.id NOT IN (SELECT id FROM chosen))";

    /// <summary>What the message keeps of them: <see cref="AttachmentResponse"/> as JSON, in the order in which they were named.</summary>
    public const string Description =
        """
        (SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('id', id, 'kind', kind, 'file_name', file_name, 'content_type', content_type, 'size', size,
            'width', width, 'height', height, 'placeholder', placeholder, 'url', @url_prefix || id)) ORDER BY array_position(@attachments, id)) FROM chosen)
        """;

    /// <summary>A common table that gives them to the message <c>@id</c>, if <c>numbered</c> gave it a number.</summary>
    public static string Attached(ConversationKind kind) =>
        $"""
        attached AS (
            UPDATE attachments SET message_id = @id, {kind.Key} = @conversation
            WHERE id IN (SELECT id FROM chosen) AND EXISTS (SELECT FROM numbered)
        )
        """;

    /// <summary>A common table that takes them from the message <c>@message</c>, if it is <c>changed</c>; <c>storage_key</c> names the files that are to go.</summary>
    public const string Freed = "freed AS (DELETE FROM attachments WHERE message_id = @message AND EXISTS (SELECT FROM changed) RETURNING storage_key)";
}
