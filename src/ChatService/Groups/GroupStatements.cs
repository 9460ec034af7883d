using Explaino.ChatService.Conversations;
using Explaino.ChatService.Messages;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Paging;
using Npgsql;

namespace Explaino.ChatService.Groups;

/// <summary>Reads groups with the people in them.</summary>
internal sealed class GroupStatements(NpgsqlDataSource database)
{
    private const string GroupSql =
        $"""
        SELECT g.group_id, g.group_name, g.owner_id, g.created_at, participant.role, participant.joined_at, {PersonColumns.All}
        FROM group_chats AS g JOIN group_chat_participants AS participant USING (group_id) JOIN people AS person ON person.id = participant.user_id
        WHERE g.group_id = ANY(@groups)
        ORDER BY participant.joined_at, participant.id
        """;

    private sealed record Mine(Guid GroupId, ActivityPosition Position, long UnreadCount, MessageResponse? LastMessage);

    public async Task<GroupResponse?> FindAsync(Guid groupId, CancellationToken cancellationToken)
    {
        await using var command = database.Command(GroupSql, ("groups", new[] { groupId }));
        return (await ReadAsync(command, cancellationToken)).GetValueOrDefault(groupId);
    }

    /// <summary>The same inside somebody's transaction.</summary>
    public static async Task<GroupResponse?> FindAsync(NpgsqlConnection connection, Guid groupId, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(GroupSql, connection) { Parameters = { new("groups", new[] { groupId }) } };
        return (await ReadAsync(command, cancellationToken)).GetValueOrDefault(groupId);
    }

    public async Task<GroupResponse?> FindAsync(Guid groupId, Guid userId, CancellationToken cancellationToken) =>
        await FindAsync(groupId, cancellationToken) is { } group && group.Participants.Any(participant => participant.User.Id == userId) ? group : null;

    /// <summary>The user's groups, latest activity first.</summary>
    public async Task<ProblemOr<Page<GroupListItem>>> ListAsync(Guid userId, PageRequest page, CancellationToken cancellationToken)
    {
        if (!page.TryRead<ActivityPosition>("groups", out var last, out var refusal))
        {
            return refusal;
        }

        if (last?.IsReadable() == false)
        {
            return Problems.Invalid("cursor", "Is not a cursor of this list.");
        }

        var mine = (await MineAsync(userId, last, page.Size + 1, cancellationToken))
            .ToPage(page, "groups", group => group.Position);
        await using var command = database.Command(GroupSql, ("groups", mine.Items.Select(group => group.GroupId).ToArray()));
        var groups = await ReadAsync(command, cancellationToken);

        // One that was deleted between the two statements is left out.
        var items = mine.Items.Where(item => groups.ContainsKey(item.GroupId)).Select(item =>
        {
            var group = groups[item.GroupId];
            return new GroupListItem(group.Id, group.Name, group.OwnerId, group.Participants, item.LastMessage, item.UnreadCount, group.CreatedAt);
        });
        return new Page<GroupListItem>([.. items], mine.NextCursor);
    }

    private async Task<List<Mine>> MineAsync(Guid userId, ActivityPosition? last, int rows, CancellationToken cancellationToken)
    {
        var mine = ActivityPosition.Sql(
            ConversationKind.Group,
            "group_chat_participants AS member JOIN group_chats AS place USING (group_id)",
            "place.group_id, place.last_seq",
            "member.user_id = @user");
        await using var command = database.Command(
            $"""
            SELECT {MessageColumns.Of("message")}, mine.group_id, mine.stood_at, {MessageColumns.Unread(ConversationKind.Group, "mine")}, {ActivityPosition.Columns}
            FROM ({mine}) AS mine
            JOIN group_chat_participants AS me ON me.group_id = mine.group_id AND me.user_id = @user
            LEFT JOIN group_messages AS message ON message.group_id = mine.group_id AND message.seq = mine.last_seq
            ORDER BY mine.stood_at DESC, mine.group_id DESC LIMIT @rows
            """,
            ActivityPosition.Parameters(last, userId, rows));

        var found = new List<Mine>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            var groupId = row.GetGuid(MessageColumns.Width);
            found.Add(new(
                groupId, ActivityPosition.Of(row.GetFieldValue<DateTimeOffset>(MessageColumns.Width + 1), groupId, row, MessageColumns.Width + 3, last),
                row.GetInt64(MessageColumns.Width + 2),
                row.IsDBNull(0) ? null : row.ReadMessage(Conversation.Group(groupId))));
        }

        return found;
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
