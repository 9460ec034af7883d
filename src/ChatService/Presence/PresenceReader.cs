using Explaino.ChatService.Conversations;
using Npgsql;

namespace Explaino.ChatService.Presence;

/// <summary>Who is online, for those who share a conversation with them.</summary>
internal sealed class PresenceReader(NpgsqlDataSource database)
{
    /// <summary>For each of these users, those online who share a conversation with them.</summary>
    public async Task<List<(Guid UserId, Guid[] Online)>> OnlineContactsAsync(Guid[] userIds, CancellationToken cancellationToken)
    {
        await using var command = database.Command(
            """
            SELECT someone.id, array_agg(DISTINCT contact.user_id)
            FROM unnest(@users) AS someone (id)
            CROSS JOIN LATERAL (
                SELECT other.user_id FROM chat_members AS own JOIN chat_members AS other USING (chat_id) WHERE own.user_id = someone.id
                UNION ALL
                SELECT other.user_id FROM group_chat_participants AS own JOIN group_chat_participants AS other USING (group_id) WHERE own.user_id = someone.id
            ) AS contact
            JOIN present_users AS present ON present.user_id = contact.user_id
            JOIN chat_instances AS instance ON instance.id = present.instance_id AND instance.expires_at > now()
            WHERE contact.user_id <> someone.id
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
}
