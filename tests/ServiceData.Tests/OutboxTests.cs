using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.ServiceData.Tests;

/// <summary>What is stored in the outbox is published, whatever happens to one row, one instance or the broker.</summary>
public sealed class OutboxTests(ITestOutputHelper output) : IAsyncLifetime
{
    private string _database = null!;
    private VirtualHost _broker = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await Publisher.NewDatabaseAsync();
        _broker = await VirtualHost.CreateAsync();
    }

    public async ValueTask DisposeAsync() => await _broker.DisposeAsync();

    [Fact]
    public async Task A_row_that_cannot_be_published_is_set_aside_and_blocks_nobody_until_an_operator_mends_it()
    {
        await using var publisher = await Publisher.StartAsync(_broker, _database);
        var events = await PublishedEvents.ListenAsync(_broker, Publisher.EventName);
        var (poison, somebody) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await publisher.ExecuteAsync($"""
            INSERT INTO outbox_messages (id, name, payload, user_id, created_at, attempts)
            VALUES ('{poison}', 'somebody-greetd.v1', jsonb_build_object('userId', '{somebody}', 'text', 'Hello'), '{somebody}', now(), 0)
            """);

        await Eventually.TrueAsync(async () => await publisher.ExecuteAsync($"SELECT set_aside_at IS NOT NULL FROM outbox_messages WHERE id = '{poison}'") is true);
        await events.AboutAsync(await publisher.GreetAsync());

        Assert.Contains(poison.ToString(), (await VerbAsync("list")).Output, StringComparison.Ordinal);
        await publisher.ExecuteAsync($"UPDATE outbox_messages SET name = '{Publisher.EventName}' WHERE id = '{poison}'");
        Assert.Contains("1 to be published again", (await VerbAsync("retry")).Output, StringComparison.Ordinal);
        var envelope = Assert.Single(await events.AboutAsync(somebody));
        Assert.Equal(poison, (Guid?)envelope["messageId"]);
    }

    [Fact]
    public async Task What_was_sent_since_a_moment_is_published_again_under_its_ids()
    {
        await using var publisher = await Publisher.StartAsync(_broker, _database);
        var former = await publisher.GreetAsync();
        await Eventually.TrueAsync(async () => await CountAsync(publisher, "sent_at IS NOT NULL") == 1);
        await publisher.ExecuteAsync("UPDATE outbox_messages SET sent_at = '2026-11-27T13:59:59Z'");
        var somebody = await publisher.GreetAsync();
        await Eventually.TrueAsync(async () => await CountAsync(publisher, "sent_at IS NOT NULL") == 2);
        await publisher.ExecuteAsync($"UPDATE outbox_messages SET sent_at = '2026-11-27T14:00:01Z' WHERE user_id = '{somebody}'");
        var events = await PublishedEvents.ListenAsync(_broker, Publisher.EventName);

        var nonsense = await Publisher.RunVerbAsync(_broker, _database, "outbox", "resend", "yesterday");
        var resent = await Publisher.RunVerbAsync(_broker, _database, "outbox", "resend", "2026-11-27T14:00Z");

        Assert.Equal(2, nonsense.ExitCode);
        Assert.Contains("1 to be published again", resent.Output, StringComparison.Ordinal);
        var envelope = Assert.Single(await events.AboutAsync(somebody));
        Assert.Equal(await publisher.ExecuteAsync($"SELECT id FROM outbox_messages WHERE user_id = '{somebody}'"), (Guid?)envelope["messageId"]);
        Assert.Equal(1, await CountAsync(publisher, $"user_id = '{former}' AND sent_at = '2026-11-27T13:59:59Z'"));
    }

    /// <summary>Nothing else would end that connection: the broker's heartbeats come.</summary>
    [Fact]
    public async Task A_connection_on_which_the_broker_confirms_nothing_is_made_anew()
    {
        var address = new Uri(_broker.ConnectionString);
        using var wire = new Wire(address.Host, address.Port);
        await using var publisher = await Publisher.StartAsync(new UriBuilder(address) { Port = wire.Port }.ToString(), _database);
        var events = await PublishedEvents.ListenAsync(_broker, Publisher.EventName);
        await events.AboutAsync(await publisher.GreetAsync());
        wire.LeaveUnanswered();

        var somebody = await publisher.GreetAsync();

        await Eventually.TrueAsync(async () => await CountAsync(publisher, "sent_at IS NULL") == 0);
        Assert.NotEmpty(await events.AboutAsync(somebody));
    }

    /// <summary>As with a queue whose leader is lost: each attempt ends at once, and nothing is wrong with the connection.</summary>
    [Fact]
    public async Task A_connection_on_which_the_broker_refuses_an_event_is_made_anew_and_the_event_sent_until_it_is_taken()
    {
        await using var publisher = await Publisher.StartAsync(_broker, _database);
        var events = await PublishedEvents.ListenAsync(_broker, Publisher.EventName);
        using var full = await _broker.Server.Management.PutAsJsonAsync(
            $"/api/queues/{_broker.Name}/full", new { arguments = new Dictionary<string, object> { ["x-max-length"] = 1, ["x-overflow"] = "reject-publish" } });
        using var bound = await _broker.Server.Management.PostAsJsonAsync($"/api/bindings/{_broker.Name}/e/explaino.{Publisher.EventName}/q/full", new { routing_key = "" });
        bound.EnsureSuccessStatusCode();
        await events.AboutAsync(await publisher.GreetAsync());
        var before = await Eventually.GetAsync<string>(ConnectionAsync);

        var somebody = await publisher.GreetAsync();
        await Eventually.TrueAsync(async () => await ConnectionAsync() is { } now && now != before);
        Assert.Equal(1, await CountAsync(publisher, "sent_at IS NULL AND set_aside_at IS NULL AND attempts = 0"));
        using var removed = await _broker.Server.Management.DeleteAsync($"/api/queues/{_broker.Name}/full");

        await Eventually.TrueAsync(async () => await CountAsync(publisher, "sent_at IS NULL") == 0);
        Assert.NotEmpty(await events.AboutAsync(somebody));

        async Task<string?> ConnectionAsync() =>
            (string?)(await _broker.Server.Management.GetFromJsonAsync<JsonArray>($"/api/vhosts/{_broker.Name}/connections"))!.LastOrDefault()?["name"];
    }

    [Fact]
    public async Task Two_instances_publish_every_event_once()
    {
        await using var first = await Publisher.StartAsync(_broker, _database);
        await using var second = await Publisher.StartAsync(_broker, _database);
        var events = await PublishedEvents.ListenAsync(_broker, Publisher.EventName);
        var people = Enumerable.Range(0, 30).Select(_ => Guid.CreateVersion7()).ToList();

        await Task.WhenAll(people.Select(async (person, index) =>
        {
            await (index % 2 == 0 ? first : second).GreetAsync(person, "first");
            await (index % 2 == 0 ? first : second).GreetAsync(person, "second");
        }));

        foreach (var person in people)
        {
            Assert.Equal(["first", "second"], (await events.AboutAsync(person, count: 2)).Select(Text).Order());
        }
    }

    [Fact]
    public async Task One_persons_events_of_one_batch_go_out_in_their_order()
    {
        await using var publisher = await Publisher.StartAsync(_broker, _database);
        var events = await PublishedEvents.ListenAsync(_broker, Publisher.EventName);
        var somebody = Guid.CreateVersion7();

        await publisher.ExecuteAsync($"""
            INSERT INTO outbox_messages (id, name, payload, user_id, created_at, attempts)
            SELECT ('00000000-0000-7000-8000-' || lpad(number::text, 12, '0'))::uuid, '{Publisher.EventName}',
                jsonb_build_object('userId', '{somebody}', 'text', number::text), '{somebody}', now(), 0
            FROM generate_series(1, 100) AS number
            """);

        Assert.Equal(Enumerable.Range(1, 100).Select(number => $"{number}"), (await events.AboutAsync(somebody, count: 100)).Select(Text));
    }

    [Fact]
    public async Task An_event_is_out_within_milliseconds_of_its_commit()
    {
        await using var publisher = await Publisher.StartAsync(_broker, _database);
        for (var i = 0; i < 50; i++)
        {
            await publisher.GreetAsync();
        }

        await Eventually.TrueAsync(async () => await CountAsync(publisher, "sent_at IS NULL") == 0);
        var median = (double)(await publisher.ExecuteAsync("""
            SELECT extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY sent_at - created_at))::float8 * 1000 FROM outbox_messages
            """))!;

        output.WriteLine($"Half of the events were out within {median:F1} ms.");
        Assert.InRange(median, 0, 250);
    }

    [Fact]
    public async Task What_was_published_is_kept_for_a_week()
    {
        var clock = new TestClock();
        await using var publisher = await Publisher.StartAsync(_broker, _database);
        await publisher.GreetAsync();
        await Eventually.TrueAsync(async () => await CountAsync(publisher, "sent_at IS NOT NULL") == 1);

        clock.Advance(TimeSpan.FromDays(8));
        await using var later = await Publisher.StartAsync(_broker, _database, clock);

        await Eventually.TrueAsync(async () => await CountAsync(publisher, "true") == 0);
    }

    [Fact]
    public void What_is_no_event_cannot_be_published()
    {
        Assert.Throws<ArgumentException>(() => Outbox.EventName.Of<OutboxTests>());
        Assert.Throws<ArgumentException>(() => Outbox.EventName.Of<Hidden>());
    }

    private static string? Text(JsonObject envelope) => (string?)envelope["message"]!["text"];

    private static async Task<long> CountAsync(Publisher publisher, string condition) =>
        (long)(await publisher.ExecuteAsync($"SELECT count(*) FROM outbox_messages WHERE {condition}"))!;

    private Task<ServiceVerb> VerbAsync(string word) => Publisher.RunVerbAsync(_broker, _database, "outbox", word);

    [MassTransit.EntityName("explaino.hidden.v1")]
    private sealed record Hidden;
}
