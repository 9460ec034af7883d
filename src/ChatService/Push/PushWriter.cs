using Explaino.ChatService.Conversations;
using Explaino.ChatService.Devices;
using Explaino.ChatService.Unread;
using Explaino.ServiceData.Blocks;
using Explaino.ServiceDefaults.Authentication;
using Npgsql;

namespace Explaino.ChatService.Push;

/// <summary>Writes what leased pushes say, as things are now: what was read or muted meanwhile says nothing any more.</summary>
internal sealed class PushWriter(NpgsqlDataSource database, UnreadStatements unread, ISessionRevocations revocations, TimeProvider clock)
{
    private static readonly string Sql =
        $"""
        SELECT push.device_id, push.subject_id, device.user_id, device.provider, device.token, device.sandbox, device.preview, device.session_id,
            settings.quiet_from, settings.quiet_to, settings.time_zone, said.*
        FROM unnest(@devices, @subjects, @kinds) AS push (device_id, subject_id, subject)
        JOIN devices AS device ON device.id = push.device_id
        LEFT JOIN notification_settings AS settings ON settings.user_id = device.user_id
        LEFT JOIN LATERAL (
            {MessageOf(ConversationKind.Chat, "NULL::text")}
            UNION ALL {MessageOf(ConversationKind.Group, "conversation.group_name")}
            UNION ALL
            SELECT entry.kind, entry.id, entry.seq, actor.first_name, actor.last_name, actor.username, NULL, coalesce(entry.params ->> 'title', entry.params ->> 'name', entry.params ->> 'amount'),
                entry.count
            FROM feed_entries AS entry JOIN feeds AS feed USING (user_id) LEFT JOIN people AS actor ON actor.id = entry.actors[1]
            WHERE push.subject = 'notification' AND entry.id = push.subject_id AND entry.user_id = device.user_id AND entry.seq > feed.read_seq
        ) AS said ON true
        """;

    /// <summary>By the device and subject; what is missing has nothing left to tell.</summary>
    public async Task<Dictionary<(Guid DeviceId, Guid SubjectId), PushDelivery>> WriteAsync(IReadOnlyList<LeasedPush> pushes, CancellationToken cancellationToken)
    {
        var leased = pushes.ToDictionary(push => (push.DeviceId, push.SubjectId));
        var rows = await ReadAsync(pushes, cancellationToken);
        Guid[] userIds = [.. rows.Select(row => row.UserId).Distinct()];
        var counts = userIds.Length == 0 ? [] : await unread.ReadAsync(userIds, cancellationToken);
        var written = new Dictionary<(Guid, Guid), PushDelivery>();
        foreach (var row in rows)
        {
            // Its end may not have come through the broker yet.
            var push = leased[(row.DeviceId, row.SubjectId)];
            if (!await revocations.IsRevokedAsync(row.SessionId, row.UserId, cancellationToken) && PayloadOf(push, row, counts[row.UserId].Badge) is { } payload)
            {
                written[(row.DeviceId, row.SubjectId)] = new(push, row.Provider, row.Token, row.Sandbox, payload);
            }
        }

        return written;
    }

    private PushPayload? PayloadOf(LeasedPush push, Row row, long badge)
    {
        if (push.Subject == PushDues.OfBadge)
        {
            return new(PushPayload.BadgeKind, null, null, null, null, badge, null, [], null);
        }

        if (row.Said is not { } said || QuietHours.IsNow(row.QuietFrom, row.QuietTo, row.TimeZone, clock.GetUtcNow()))
        {
            return null;
        }

        var (chatId, groupId) = (push.Subject == "chat" ? push.SubjectId : (Guid?)null, push.Subject == "group" ? push.SubjectId : (Guid?)null);
        var isMessage = said.Kind == "message";
        IReadOnlyList<string> arguments = row.Preview == MessagePreview.None ? []
            : isMessage ? (said.Group is { } group ? [said.Person, group] : [said.Person])
            : [said.Person, $"{said.Count}"];
        var key = row.Preview == MessagePreview.None || !isMessage ? said.Kind : said.Group is null ? "message_from" : "message_from_in";
        return new(said.Kind, said.Id, chatId, groupId, said.Seq, badge, key, arguments, row.Preview == MessagePreview.Full ? said.Text : null);
    }

    private async Task<List<Row>> ReadAsync(IReadOnlyList<LeasedPush> pushes, CancellationToken cancellationToken)
    {
        await using var command = database.Command(
            Sql,
            ("devices", pushes.Select(push => push.DeviceId).ToArray()), ("subjects", pushes.Select(push => push.SubjectId).ToArray()),
            ("kinds", pushes.Select(push => push.Subject).ToArray()));
        var rows = new List<Row>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            rows.Add(new(
                row.GetGuid(0), row.GetGuid(1), row.GetGuid(2), row.GetGuid(7), Enum.Parse<PushProvider>(row.GetString(3), ignoreCase: true), row.GetString(4), row.GetBoolean(5),
                Enum.Parse<MessagePreview>(row.GetString(6), ignoreCase: true), row.IsDBNull(8) ? null : row.GetFieldValue<TimeOnly>(8),
                row.IsDBNull(9) ? null : row.GetFieldValue<TimeOnly>(9), Text(row, 10),
                row.IsDBNull(11) ? null : new(row.GetString(11), row.GetGuid(12), row.GetInt64(13), NameOf(row), Text(row, 17), Text(row, 18), row.GetInt32(19))));
        }

        return rows;
    }

    private static string NameOf(NpgsqlDataReader row) =>
        string.Join(' ', new[] { Text(row, 14), Text(row, 15) }.Where(part => !string.IsNullOrEmpty(part))) is { Length: > 0 } name ? name : Text(row, 16) ?? "";

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    /// <summary>The latest message that the device's owner has not read, if they are still to be told.</summary>
    private static string MessageOf(ConversationKind kind, string name) =>
        $"""
        (SELECT 'message' AS kind, message.id, message.seq, sender.first_name, sender.last_name, sender.username, {name}, message.content, 1
        FROM {kind.Members} AS me JOIN {kind.Table} AS conversation USING ({kind.Key}) JOIN {kind.Messages} AS message USING ({kind.Key})
        LEFT JOIN people AS sender ON sender.id = message.sender_id
        WHERE push.subject = '{PushDues.WordOf(kind)}' AND me.{kind.Key} = push.subject_id AND me.user_id = device.user_id
            AND NOT coalesce(me.muted_until > clock_timestamp(), false)
            AND message.seq > me.read_seq AND message.sender_id <> me.user_id AND message.deleted_at IS NULL AND NOT {BlockStatements.Between("message.sender_id", "me.user_id")}
        ORDER BY message.seq DESC LIMIT 1)
        """;

    private sealed record Row(
        Guid DeviceId, Guid SubjectId, Guid UserId, Guid SessionId, PushProvider Provider, string Token, bool Sandbox, MessagePreview Preview, TimeOnly? QuietFrom, TimeOnly? QuietTo, string? TimeZone,
        Said? Said);

    /// <param name="Kind">The payload's.</param>
    /// <param name="Id">Of the message or notification.</param>
    /// <param name="Seq">Its number.</param>
    /// <param name="Person">Who did it.</param>
    /// <param name="Group">Where it was said.</param>
    /// <param name="Text">What was said.</param>
    /// <param name="Count">How many did it.</param>
    private sealed record Said(string Kind, Guid Id, long Seq, string Person, string? Group, string? Text, int Count);
}
