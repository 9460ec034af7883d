using Explaino.ChatService.Conversations;
using Explaino.ChatService.Notifications;
using Explaino.ServiceData.Blocks;
using Npgsql;

namespace Explaino.ChatService.Presence;

/// <summary>Who is online, for those who share a conversation with them.</summary>
internal class PresenceStatements(NpgsqlDataSource database)
{
    /// <summary>For each of these users, those online who share a conversation with them.</summary>
    public async Task<List<(Guid UserId, Guid[] Online)>> OnlineContactsAsync(Guid[] userIds, CancellationToken cancellationToken)
    {
        await using var command = database.Command(
            $"""
            SELECT someone.id, array_agg(DISTINCT contact.user_id)
            FROM unnest(@users) AS someone (id)
            CROSS JOIN LATERAL (
                SELECT other.user_id FROM chat_members AS own JOIN chat_members AS other USING (chat_id) WHERE own.user_id = someone.id
                UNION ALL
                SELECT other.user_id FROM group_chat_participants AS own JOIN group_chat_participants AS other USING (group_id) WHERE own.user_id = someone.id
            ) AS contact
            JOIN present_users AS present ON present.user_id = contact.user_id
            JOIN chat_instances AS instance ON instance.id = present.instance_id AND instance.expires_at > now()
            WHERE contact.user_id <> someone.id AND NOT {BlockStatements.Between("contact.user_id", "someone.id")}
            GROUP BY someone.id
            """,
            ("users", userIds));

        var found = new List<(Guid, Guid[])>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            found.Add((row.GetGuid(0), row.GetFieldValue<Guid[]>(1)));
        }

        return found;
    }

    /// <summary>Everybody who shares a conversation with this user, there or not, and whom no block keeps apart.</summary>
    public virtual Task<List<PresenceChanged>> ContactsAsync(Guid userId, CancellationToken cancellationToken) => ReadAsync(
        $"""
        SELECT user_id FROM (
            SELECT other.user_id FROM chat_members AS own JOIN chat_members AS other USING (chat_id) WHERE own.user_id = @user
            UNION
            SELECT other.user_id FROM group_chat_participants AS own JOIN group_chat_participants AS other USING (group_id) WHERE own.user_id = @user
        ) AS contact
        WHERE user_id <> @user AND NOT {BlockStatements.Between("contact.user_id", "@user")}
        """,
        ("user", userId),
        cancellationToken);

    public Task<List<PresenceChanged>> OfAsync(Guid[] userIds, CancellationToken cancellationToken) =>
        ReadAsync("SELECT user_id FROM unnest(@users) AS someone (user_id)", ("users", userIds), cancellationToken);

    /// <summary>Of these users, those of whom one blocks the other, each pair both ways round.</summary>
    public async Task<HashSet<(Guid One, Guid Other)>> BlocksAmongAsync(Guid[] userIds, CancellationToken cancellationToken)
    {
        await using var command = database.Command(
            "SELECT blocker_id, blocked_id FROM blocks WHERE is_active AND blocker_id = ANY(@users) AND blocked_id = ANY(@users)", ("users", userIds));

        var found = new HashSet<(Guid, Guid)>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            found.Add((row.GetGuid(0), row.GetGuid(1)));
            found.Add((row.GetGuid(1), row.GetGuid(0)));
        }

        return found;
    }

    private async Task<List<PresenceChanged>> ReadAsync(string people, (string Name, object? Value) parameter, CancellationToken cancellationToken)
    {
        await using var command = database.Command(
            $"""
            SELECT someone.user_id, present.online, CASE WHEN NOT present.online THEN seen.at END
            FROM ({people}) AS someone
            CROSS JOIN LATERAL (SELECT EXISTS (
                SELECT FROM present_users JOIN chat_instances AS instance ON instance.id = instance_id AND instance.expires_at > now()
                WHERE present_users.user_id = someone.user_id) AS online) AS present
            LEFT JOIN last_seen AS seen ON seen.user_id = someone.user_id
            WHERE NOT EXISTS (SELECT FROM people WHERE id = someone.user_id AND deleted_at IS NOT NULL)
            """,
            parameter);

        var found = new List<PresenceChanged>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            found.Add(new(row.GetGuid(0), row.GetBoolean(1), row.IsDBNull(2) ? null : row.GetFieldValue<DateTimeOffset>(2)));
        }

        return found;
    }
}
