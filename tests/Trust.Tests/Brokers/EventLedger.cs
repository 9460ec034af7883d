using Explaino.Testing;
using Npgsql;

namespace Explaino.Trust.Tests.Brokers;

/// <summary>The checker: every event that an outbox holds since this began, against what its consumers made of it.</summary>
internal sealed class EventLedger(BrokerSystem system) : IAsyncDisposable
{
    private static readonly (string Event, string Id, (Service Service, string Effects)[] Consumers)[] Entries =
    [
        ("user-created.v1", "user_id",
        [
            (Service.Wallet, "SELECT user_id FROM points_wallets"),
            (Service.Profile, "SELECT id FROM people"),
            (Service.Jobs, "SELECT id FROM people"),
            (Service.Chat, "SELECT id FROM people"),
        ]),
        ("person-notified.v1", "(payload->>'eventId')::uuid", [(Service.Chat, "SELECT event_id FROM feed_events")]),
        ("action-audited.v1", "(payload->>'eventId')::uuid", [(Service.Identity, "SELECT id FROM audit_entries")]),
    ];

    // What the services did as they started, some before others had a queue, is not in question.
    private readonly DateTimeOffset _since = TimeProvider.System.GetUtcNow();

    private readonly Dictionary<Service, NpgsqlDataSource> _databases =
        system.Databases.ToDictionary(database => database.Key, database => NpgsqlDataSource.Create(database.Value.SuperuserConnectionString));

    /// <summary>How many of them there are, by the outboxes.</summary>
    public async Task<int> CountAsync()
    {
        var published = await Task.WhenAll(Entries.Select(PublishedAsync));
        return published.Sum(ids => ids.Count);
    }

    /// <summary>What is missing, as soon as nothing is; else after a time that is enough for everything.</summary>
    public async Task<IReadOnlyList<string>> MissingAsync()
    {
        var missing = new List<string>();
        try
        {
            await Eventually.TrueAsync(
                async () =>
                {
                    missing.Clear();
                    foreach (var entry in Entries)
                    {
                        var published = await PublishedAsync(entry);
                        foreach (var (service, effects) in entry.Consumers)
                        {
                            missing.AddRange(Missing(published, await IdsAsync(service, effects)).Select(id => $"lost: {entry.Event} {id} at {service.Name}"));
                        }
                    }

                    return missing.Count == 0;
                },
                TimeSpan.FromMinutes(1));
        }
        catch (TimeoutException)
        {
            // They are lost.
        }

        return missing;
    }

    public static IEnumerable<Guid> Missing(IEnumerable<Guid> published, IEnumerable<Guid> found) => published.Except(found);

    /// <summary>Who registered.</summary>
    public Task<IReadOnlyList<Guid>> RegisteredAsync() => PublishedAsync(Entries[0]);

    public async Task<bool> IsTrueAsync(Service service, string condition, Guid about)
    {
        await using var command = _databases[service].CreateCommand($"SELECT {condition}");
        command.Parameters.Add(new() { Value = about });
        return await command.ExecuteScalarAsync() is true;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var database in _databases.Values)
        {
            await database.DisposeAsync();
        }
    }

    private async Task<IReadOnlyList<Guid>> PublishedAsync((string Event, string Id, (Service, string)[]) entry)
    {
        var ids = new List<Guid>();
        foreach (var service in _databases.Keys)
        {
            ids.AddRange(await IdsAsync(service, $"SELECT {entry.Id} FROM outbox_messages WHERE name = '{entry.Event}' AND created_at > '{_since:O}'"));
        }

        return ids;
    }

    private async Task<IReadOnlyList<Guid>> IdsAsync(Service service, string sql)
    {
        await using var command = _databases[service].CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var ids = new List<Guid>();
        while (await reader.ReadAsync())
        {
            ids.Add(reader.GetGuid(0));
        }

        return ids;
    }
}
