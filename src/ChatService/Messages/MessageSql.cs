using Explaino.ChatService.Attachments;
using Explaino.ChatService.Conversations;
using Explaino.ServiceData.Blocks;

namespace Explaino.ChatService.Messages;

/// <summary>The statements of <see cref="MessageWriter"/>: each looks at the rights, numbers, stores, and reads who is a member, while the conversation's row is held.</summary>
internal static class MessageSql
{
    /// <param name="kind">Where.</param>
    /// <param name="carries">Whether it takes attachments along.</param>
    /// <param name="flagging">See <see cref="MessageFlag.Storing"/>, of <c>stored</c>.</param>
    /// <param name="due">See <see cref="PushDues.AfterMessage"/>.</param>
    /// <returns>The message, whether it is new, whether the sender is deleted, whether the peer is blocked, the members, whether the peer is deleted, the first attachment that is missing.</returns>
    public static string Send(ConversationKind kind, bool carries, string flagging, string due) =>
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
        ){flagging}{due}
        SELECT {MessageColumns.Of("message")}, message.is_new, place.sender_deleted, place.peer_blocked, {MembersOf(kind)}, place.peer_deleted,
            {(carries ? AttachmentSql.FirstMissing : "NULL")}
        FROM place LEFT JOIN (
            SELECT {MessageColumns.All}, true AS is_new FROM stored UNION ALL SELECT {MessageColumns.All}, false FROM known
        ) AS message ON true
        """;

    /// <param name="kind">Where.</param>
    /// <param name="change">What is wanted.</param>
    /// <param name="flagging">See <see cref="MessageFlag.Storing"/>, of <c>changed</c>.</param>
    /// <param name="due">See <see cref="PushDues.AfterDeletion"/>; empty of an edit.</param>
    /// <returns>The message, whether it is changed, whether that is refused, the members, the files that are to go.</returns>
    public static string Change(ConversationKind kind, MessageChange change, string flagging, string due) =>
        $"""
        WITH target AS (
            SELECT {MessageColumns.All} FROM {kind.Messages} WHERE {kind.Key} = @conversation AND id = @message
        ), numbered AS (
            UPDATE {kind.Table} SET last_change = last_change + 1
            WHERE {kind.Key} = @conversation AND EXISTS (
                SELECT FROM target WHERE sender_id = @sender AND deleted_at IS NULL AND (NOT @conditional OR coalesce(change, 0) = @as_seen) AND {change.When} AND NOT {change.Unless})
                AND EXISTS (SELECT FROM {kind.Members} WHERE {kind.Key} = @conversation AND user_id = @sender)
            RETURNING last_change
        ), changed AS (
            UPDATE {kind.Messages} SET {change.Set}, change = last_change
            FROM numbered WHERE {kind.Key} = @conversation AND id = @message
            RETURNING {MessageColumns.All}
        ){(change.FreesAttachments ? $", {AttachmentSql.Freed}" : "")}{flagging}{due}
        SELECT {MessageColumns.Of("message")}, message.is_changed, message.is_refused, {MembersOf(kind)},
            {(change.FreesAttachments ? "ARRAY(SELECT storage_key FROM freed)" : "ARRAY[]::uuid[]")}
        FROM {kind.Members} AS member LEFT JOIN (
            SELECT {MessageColumns.All}, true AS is_changed, false AS is_refused FROM changed
            UNION ALL SELECT {MessageColumns.All}, false, {change.When} AND {change.Unless} FROM target WHERE NOT EXISTS (SELECT FROM changed)
        ) AS message ON true
        WHERE member.{kind.Key} = @conversation AND member.user_id = @sender
        """;

    /// <param name="kind">Where.</param>
    /// <param name="due">See <see cref="PushDues.AfterDeletion"/>.</param>
    /// <returns>The message, the members, the files that are to go; nothing if it is gone already.</returns>
    public static string Remove(ConversationKind kind, string due) =>
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
        ), {AttachmentSql.Freed}{due}
        SELECT {MessageColumns.All}, {MembersOf(kind)}, ARRAY(SELECT storage_key FROM freed) FROM changed
        """;

    /// <summary>In groups what is said goes on, whoever blocks whom.</summary>
    public static string PeerBlocked(ConversationKind kind) => kind == ConversationKind.Group
        ? "false"
        : $"""
          EXISTS (SELECT FROM {kind.Members} AS peer
              WHERE peer.{kind.Key} = @conversation AND peer.user_id <> @sender AND {BlockStatements.Between("peer.user_id", "@sender")})
          """;

    private static string MembersOf(ConversationKind kind) => $"ARRAY(SELECT user_id FROM {kind.Members} WHERE {kind.Key} = @conversation)";

    private static string PeerDeleted(ConversationKind kind) => kind == ConversationKind.Group
        ? "false"
        : $"""
          EXISTS (SELECT FROM {kind.Members} AS peer JOIN people ON people.id = peer.user_id
              WHERE peer.{kind.Key} = @conversation AND peer.user_id <> @sender AND people.deleted_at IS NOT NULL)
          """;
}

/// <summary>What its sender wants of a message, in the terms of its row.</summary>
/// <param name="Set">What is written.</param>
/// <param name="When">Whether that changes anything.</param>
/// <param name="Unless">What forbids it.</param>
/// <param name="FreesAttachments">Whether its attachments go with it.</param>
internal sealed record MessageChange(string Set, string When, string Unless, bool FreesAttachments)
{
    public static readonly MessageChange Deletion = new("content = NULL, attachments = NULL, deleted_at = @now", "true", "false", FreesAttachments: true);

    public static MessageChange Edit(ConversationKind kind, bool saysSomething) => new(
        "content = @content, edited_at = greatest(@now, edited_at + interval '1 microsecond')",
        saysSomething ? "content IS DISTINCT FROM @content" : "false",
        MessageSql.PeerBlocked(kind),
        FreesAttachments: false);
}
