using Explaino.ChatService.Conversations;
using Explaino.ChatService.Messages;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Paging;
using Explaino.ServiceDefaults.Validation;
using Npgsql;

namespace Explaino.ChatService.Groups;

/// <summary>Reads groups with the people in them.</summary>
internal sealed class GroupStatements(NpgsqlDataSource database)
{
    private const string Groups =
        $"""
        SELECT g.group_id, g.group_name, g.owner_id, g.created_at, participant.role, participant.joined_at, {PersonColumns.All}
        FROM group_chats AS g JOIN group_chat_participants AS participant USING (group_id) JOIN people AS person ON person.id = participant.user_id
        """;

    private const string InOrder = "ORDER BY participant.joined_at, participant.id";

    // An array of one would be planned anew each time, as the plan for arrays of any length looks dearer.
    private const string GroupSql = $"{Groups} WHERE g.group_id = @group {InOrder}";
    private const string GroupsSql = $"{Groups} WHERE g.group_id = ANY(@groups) {InOrder}";

    private const string Columns =
        "place.group_id, place.group_name, place.owner_id, place.participant_count, place.created_at, place.last_seq, place.last_change, place.revision";

    private sealed record Mine(GroupListItem Group, ActivityPosition Position);

    public async Task<GroupResponse?> FindAsync(Guid groupId, CancellationToken cancellationToken)
    {
        await using var command = database.Command(GroupSql, ("group", groupId));
        return (await ReadAsync(command, cancellationToken)).GetValueOrDefault(groupId);
    }

    /// <summary>The same inside somebody's transaction.</summary>
    public static async Task<GroupResponse?> FindAsync(NpgsqlConnection connection, Guid groupId, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(GroupSql, connection) { Parameters = { new("group", groupId) } };
        return (await ReadAsync(command, cancellationToken)).GetValueOrDefault(groupId);
    }

    public async Task<GroupResponse?> FindAsync(Guid groupId, Guid userId, CancellationToken cancellationToken) =>
        await FindAsync(groupId, cancellationToken) is { } group && group.Participants.Any(participant => participant.User.Id == userId) ? group : null;

    /// <summary>The user's groups, latest activity first.</summary>
    public async Task<ProblemOr<Page<GroupListItem>>> ListAsync(Guid userId, bool? archived, PageRequest page, bool withParticipants, CancellationToken cancellationToken)
    {
        var list = archived is null ? "groups" : $"groups {archived}";
        if (!page.TryRead<ActivityPosition>(list, out var last, out var refusal))
        {
            return refusal;
        }

        if (last?.IsReadable() == false)
        {
            return Problems.Invalid("cursor", new Violation("wrong_form", "Is not a cursor of this list."));
        }

        var mine = (await MineAsync(userId, archived, last, page.Rows, cancellationToken))
            .ToPage(page, list, group => group.Position);
        if (!withParticipants)
        {
            return new Page<GroupListItem>([.. mine.Items.Select(item => item.Group)], mine.NextCursor);
        }

        await using var command = database.Command(GroupsSql, ("groups", mine.Items.Select(item => item.Group.Id).ToArray()));
        var groups = await ReadAsync(command, cancellationToken);

        // One that was deleted between the two statements is left out.
        var items = mine.Items.Where(item => groups.ContainsKey(item.Group.Id)).Select(item =>
        {
            var group = groups[item.Group.Id];
            return item.Group with { Name = group.Name, OwnerId = group.OwnerId, Participants = group.Participants, ParticipantCount = group.ParticipantCount };
        });
        return new Page<GroupListItem>([.. items], mine.NextCursor);
    }

    /// <summary>These of the user's groups without participants, inside somebody's transaction.</summary>
    public static NpgsqlBatchCommand Statement(Guid userId, Guid[] groupIds) => Statements.BatchCommand(
        ItemsSql($"SELECT {Columns}, place.last_activity_at AS stood_at FROM group_chats AS place WHERE group_id = ANY(@groups)"),
        ("user", userId), ("groups", groupIds));

    /// <summary>What <see cref="Statement"/> gives.</summary>
    public static async Task<List<GroupListItem>> ReadItemsAsync(NpgsqlDataReader row, CancellationToken cancellationToken)
    {
        var groups = new List<GroupListItem>();
        while (await row.ReadAsync(cancellationToken))
        {
            groups.Add(ReadItem(row));
        }

        return groups;
    }

    /// <summary>The opaque revision of a group as this participant has it; null if they are none.</summary>
    public async Task<string?> RevisionAsync(Guid groupId, Guid userId, CancellationToken cancellationToken)
    {
        await using var command = database.Command(
            $"SELECT {Revisions.OfGroup} FROM group_chats AS mine JOIN group_chat_participants AS me USING (group_id) WHERE group_id = @group AND me.user_id = @user",
            ("group", groupId), ("user", userId));
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }

    private async Task<List<Mine>> MineAsync(Guid userId, bool? archived, ActivityPosition? last, int rows, CancellationToken cancellationToken)
    {
        var mine = ActivityPosition.Sql(
            ConversationKind.Group,
            "group_chat_participants AS member JOIN group_chats AS place USING (group_id)",
            Columns,
            archived is { } wanted ? $"member.user_id = @user AND {(wanted ? "" : "NOT ")}member.archived" : "member.user_id = @user",
            rows);
        await using var command = database.Command(ItemsSql(mine, rows), ActivityPosition.Parameters(last, userId));
        var found = new List<Mine>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            var group = ReadItem(row);
            found.Add(new(group, ActivityPosition.Of(row.GetFieldValue<DateTimeOffset>(MessageColumns.Width + 12), group.Id, row, MessageColumns.Width + 13, last)));
        }

        return found;
    }

    /// <param name="groups">A statement for groups with their place in a list, <c>stood_at</c>.</param>
    private static string ItemsSql(string groups, int? rows = null) =>
        $"""
        SELECT {MessageColumns.Of("message")}, mine.group_id, mine.group_name, mine.owner_id, mine.participant_count, {MessageColumns.Unread(ConversationKind.Group, "mine")},
            mine.created_at, mine.last_seq, mine.last_change, {Revisions.OfGroup}, me.muted_until, me.pinned, me.archived, mine.stood_at, {ActivityPosition.Columns}
        FROM ({groups}) AS mine
        JOIN group_chat_participants AS me ON me.group_id = mine.group_id AND me.user_id = @user
        LEFT JOIN group_messages AS message ON message.group_id = mine.group_id AND message.seq = mine.last_seq
        ORDER BY mine.stood_at DESC, mine.group_id DESC LIMIT {(rows is { } some ? $"{some}" : "ALL")}
        """;

    private static GroupListItem ReadItem(NpgsqlDataReader row)
    {
        const int First = MessageColumns.Width;
        var id = row.GetGuid(First);
        return new(
            id,
            row.GetString(First + 1),
            row.GetGuid(First + 2),
            Participants: null,
            row.GetInt32(First + 3),
            row.IsDBNull(0) ? null : row.ReadMessage(Conversation.Group(id)),
            row.GetInt64(First + 4),
            row.GetFieldValue<DateTimeOffset>(First + 5),
            row.GetInt64(First + 6),
            row.GetInt64(First + 7),
            row.GetString(First + 8),
            row.IsDBNull(First + 9) ? null : MutedUntil.ToWire(row.GetFieldValue<DateTimeOffset>(First + 9)),
            row.GetBoolean(First + 10),
            row.GetBoolean(First + 11));
    }

    private static async Task<Dictionary<Guid, GroupResponse>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var groups = new Dictionary<Guid, (GroupResponse Group, List<ParticipantResponse> Participants)>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            var groupId = row.GetGuid(0);
            if (!groups.TryGetValue(groupId, out var found))
            {
                List<ParticipantResponse> participants = [];
                found = (new(groupId, row.GetString(1), row.GetGuid(2), participants, row.GetFieldValue<DateTimeOffset>(3)), participants);
                groups.Add(groupId, found);
            }

            found.Participants.Add(new(
                row.ReadPerson(6), Enum.Parse<GroupRole>(row.GetString(4), ignoreCase: true), row.GetFieldValue<DateTimeOffset>(5)));
        }

        return groups.ToDictionary(entry => entry.Key, entry => entry.Value.Group);
    }
}
