using System.Data;
using Explaino.ChatService.Chats;
using Explaino.ChatService.Conversations;
using Explaino.ChatService.Groups;
using Explaino.ChatService.Messages;
using Explaino.ChatService.Notifications;
using Explaino.ChatService.Unread;
using Explaino.ServiceData.Blocks;
using Npgsql;

namespace Explaino.ChatService.Sync;

/// <summary>Reads what a device lacks, all of it in one snapshot: what differs in one round trip, and what there is of that in another.</summary>
internal sealed class SyncStatements(NpgsqlDataSource database, TimeProvider clock)
{
    private const int MostMessages = 500;
    private const int MostMessagesOfOne = 50;
    private const int MostChanges = 500;

    // A group of 256 has as many markers; an answer holds those of some such groups.
    private const int MostMarkers = 4_096;

    public async Task<SyncResponse> ReadAsync(Guid userId, IReadOnlyList<KnownConversationRequest> known, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var time = clock.GetUtcNow();

        List<Difference> differences;
        List<Guid> gone;
        UnreadResponse unread;
        await using (var batch = new NpgsqlBatch(connection, snapshot) { BatchCommands = { Comparison.Statement(userId, known), UnreadStatements.Statement(userId) } })
        await using (var row = await batch.ExecuteReaderAsync(cancellationToken))
        {
            (differences, gone) = await Comparison.ReadAsync(row, cancellationToken);
            await row.NextResultAsync(cancellationToken);
            unread = (await UnreadStatements.ReadAsync(row, cancellationToken))[userId];
        }

        var shown = Shown(differences);
        if (shown.Count == 0)
        {
            return new([], [], [], gone, [], unread, time, More: false);
        }

        var takes = Takes(shown);
        await using var details = new NpgsqlBatch(connection, snapshot);
        foreach (var statement in Statements(userId, shown, takes))
        {
            details.BatchCommands.Add(statement);
        }

        await using var found = await details.ExecuteReaderAsync(cancellationToken);
        var conversations = await ReadConversationsAsync(found, shown, cancellationToken);
        await found.NextResultAsync(cancellationToken);
        var messages = await ReadMessagesAsync(found, cancellationToken);
        await found.NextResultAsync(cancellationToken);
        var changed = await ReadMessagesAsync(found, cancellationToken);
        await found.NextResultAsync(cancellationToken);
        var read = await ReadMarkersAsync(found, cancellationToken);
        return new(conversations, messages, changed, gone, read, unread, time, More: IsMore(differences, shown, takes, changed));
    }

    /// <summary>As many as an answer holds: the first in any case.</summary>
    private static List<Difference> Shown(List<Difference> differences)
    {
        var markers = 0;
        return [.. differences.Take(Comparison.MostConversations).TakeWhile((difference, index) => (markers += difference.Markers) <= MostMarkers || index == 0)];
    }

    /// <summary>How many messages each of them gives: as <c>seq</c> has no gaps, this needs no look.</summary>
    private static List<long> Takes(List<Difference> shown)
    {
        long left = MostMessages;
        return shown.ConvertAll(difference =>
        {
            var take = Math.Clamp(difference.LastSeq - difference.KnownSeq, 0, Math.Min(left, MostMessagesOfOne));
            left -= take;
            return take;
        });
    }

    private static bool IsMore(List<Difference> differences, List<Difference> shown, List<long> takes, List<MessageResponse> changed)
    {
        var reached = changed.GroupBy(message => message.Conversation).ToDictionary(messages => messages.Key, messages => messages.Max(message => message.Change!.Value));
        return differences.Count > shown.Count
            || shown.Zip(takes).Any(one => one.First.KnownSeq + one.Second < one.First.LastSeq)
            || shown.Any(difference => HasChanges(difference) && reached.GetValueOrDefault(difference.Conversation) < difference.LastChange);
    }

    /// <summary>What is new to a device comes as it is, so that no change of before is left to tell.</summary>
    private static bool HasChanges(Difference difference) => !difference.IsNew && difference.KnownChange < difference.LastChange;

    private static IEnumerable<NpgsqlBatchCommand> Statements(Guid userId, List<Difference> shown, List<long> takes)
    {
        yield return ChatStatements.Statement(userId, IdsOf(shown, ConversationKind.Chat));
        yield return GroupStatements.Statement(userId, IdsOf(shown, ConversationKind.Group));
        yield return Parts("seq", shown.Zip(takes).Select(one => (one.First.Conversation, one.First.KnownSeq, one.Second)), MostMessages);
        yield return Parts("change", shown.Where(HasChanges).Select(one => (one.Conversation, one.KnownChange, Math.Min(one.LastChange - one.KnownChange, MostChanges))), MostChanges);
        var revised = shown.FindAll(difference => difference.Markers > 0);
        yield return Conversations.Statements.BatchCommand(
            $"{MarkersOf(ConversationKind.Chat)} UNION ALL {MarkersOf(ConversationKind.Group)}",
            ("user", userId), ("chats", IdsOf(revised, ConversationKind.Chat)), ("groups", IdsOf(revised, ConversationKind.Group)));
    }

    private static Guid[] IdsOf(List<Difference> differences, ConversationKind kind) =>
        [.. differences.Where(difference => difference.Conversation.Kind == kind).Select(difference => difference.Conversation.Id)];

    /// <summary>Of each of these conversations so many messages after a number, in its order.</summary>
    private static NpgsqlBatchCommand Parts(string number, IEnumerable<(Conversation Conversation, long After, long Take)> parts, int limit)
    {
        var wanted = parts.Where(part => part.Take > 0).ToList();
        return Conversations.Statements.BatchCommand(
            $"""
            WITH wanted AS (SELECT * FROM unnest(@ids, @are_groups, @after, @takes) WITH ORDINALITY AS wanted (id, is_group, after, take, place))
            SELECT {MessageColumns.Of("message")}, message.conversation, message.is_group
            FROM ({PartsOf(ConversationKind.Chat, number)} UNION ALL {PartsOf(ConversationKind.Group, number)}) AS message
            ORDER BY message.place, message.{number} LIMIT {limit}
            """,
            ("ids", wanted.Select(part => part.Conversation.Id).ToArray()),
            ("are_groups", wanted.Select(part => part.Conversation.GroupId is not null).ToArray()),
            ("after", wanted.Select(part => part.After).ToArray()), ("takes", wanted.Select(part => part.Take).ToArray()));
    }

    private static string PartsOf(ConversationKind kind, string number) =>
        $"""
        (SELECT part.*, wanted.id AS conversation, wanted.is_group, wanted.place
        FROM wanted CROSS JOIN LATERAL (
            SELECT {MessageColumns.All} FROM {kind.Messages} WHERE {kind.Key} = wanted.id AND {number} > wanted.after ORDER BY {number} LIMIT wanted.take
        ) AS part
        WHERE {(kind == ConversationKind.Group ? "" : "NOT ")}wanted.is_group)
        """;

    private static string MarkersOf(ConversationKind kind) =>
        $"""
        SELECT member.{kind.Key}, {(kind == ConversationKind.Group ? "true" : "false")}, member.user_id, message.id, member.read_seq
        FROM {kind.Members} AS member JOIN {kind.Messages} AS message ON message.{kind.Key} = member.{kind.Key} AND message.seq = member.read_seq
        WHERE member.{kind.Key} = ANY({(kind == ConversationKind.Group ? "@groups" : "@chats")}) AND NOT {BlockStatements.Between("member.user_id", "@user")}
        """;

    private static async Task<List<SyncedConversation>> ReadConversationsAsync(NpgsqlDataReader row, List<Difference> shown, CancellationToken cancellationToken)
    {
        var chats = await ChatStatements.ReadAsync(row, cancellationToken);
        await row.NextResultAsync(cancellationToken);
        var groups = await GroupStatements.ReadItemsAsync(row, cancellationToken);
        var all = chats.Select(SyncedConversation.Of).Concat(groups.Select(SyncedConversation.Of)).ToDictionary(conversation => conversation.Id);
        return shown.ConvertAll(difference => all[difference.Conversation.Id]);
    }

    private static async Task<List<MessageResponse>> ReadMessagesAsync(NpgsqlDataReader row, CancellationToken cancellationToken)
    {
        var messages = new List<MessageResponse>();
        while (await row.ReadAsync(cancellationToken))
        {
            var id = row.GetGuid(MessageColumns.Width);
            messages.Add(row.ReadMessage(row.GetBoolean(MessageColumns.Width + 1) ? Conversation.Group(id) : Conversation.Chat(id)));
        }

        return messages;
    }

    private static async Task<List<ConversationRead>> ReadMarkersAsync(NpgsqlDataReader row, CancellationToken cancellationToken)
    {
        var read = new List<ConversationRead>();
        while (await row.ReadAsync(cancellationToken))
        {
            var (id, isGroup) = (row.GetGuid(0), row.GetBoolean(1));
            read.Add(new(isGroup ? null : id, isGroup ? id : null, row.GetGuid(2), row.GetGuid(3), row.GetInt64(4)));
        }

        return read;
    }
}
