using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Explaino.Testing;
using Explaino.Trust.Tests.Network;

namespace Explaino.Trust.Tests.Events;

/// <summary>Every event of docs/events, thrice and in any order, leaves what the same events leave once and in order; and none is lost on who was down.</summary>
public sealed class EventTests(WiredSystem system)
{
    private const string Area = "Events";
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Events_thrice_and_shuffled_leave_the_same_state_as_once_in_order()
    {
        var histories = Histories.Of(Scale.Of(test: 40, shortRun: 100, longRun: 2_000));
        IReadOnlyList<string> expected;
        await using (var inOrder = await Consumers.StartAsync(system))
        {
            await PublishInOrderAsync(inOrder, histories);
            await inOrder.DrainAsync(Timeout);
            expected = await State.ReadAsync(inOrder);
        }

        await using var shuffled = await Consumers.StartAsync(system);
        var storm = Enumerable.Repeat(histories.All, 3).SelectMany(events => events).ToArray();
        Random.Shared.Shuffle(storm);
        await shuffled.PublishAllAsync(storm);
        await RefuseRevokedSessionsAsync(shuffled, histories);
        await shuffled.DrainAsync(Timeout);
        var differences = State.Differences(expected, await State.ReadAsync(shuffled));

        Figures.Record(Area, "events delivered, thrice each and shuffled, to every consumer", $"{storm.Length}");
        Figures.Record(Area, "rows that differ from once and in order", $"{differences.Count} of {expected.Count}");
        Assert.Equal(7, storm.Select(stored => stored.Name).Distinct().Count());
        Assert.NotEmpty(expected);
        Assert.Empty(differences);
    }

    [Fact]
    public async Task Who_was_down_for_thousands_of_events_catches_up()
    {
        var missed = Scale.Of(test: 1_000, shortRun: 10_000, longRun: 10_000);
        await using var consumers = await Consumers.StartAsync(system);
        foreach (var service in Consumers.Services)
        {
            await consumers[service].KillAsync();
        }

        await consumers.PublishAllAsync(Histories.Of(missed).Created);

        foreach (var service in Consumers.Services)
        {
            var started = Stopwatch.GetTimestamp();
            await consumers[service].StartAsync();
            var table = service == Service.Wallet ? "points_wallets" : "people";
            await Eventually.TrueAsync(async () => await consumers.CountAsync(service, table) == missed, Timeout, service.Name);
            Figures.Record(Area, $"{service.Name} was down for {missed} events: caught up after, s", $"{Stopwatch.GetElapsedTime(started).TotalSeconds:F1}");
            await consumers[service].KillAsync();
        }
    }

    [Fact]
    public void A_state_that_differs_is_noticed()
    {
        string[] expected = ["wallet: {\"balance\": 10}", "chat: {\"username\": \"ada\"}"];

        Assert.Empty(State.Differences(expected, [.. expected.Reverse()]));
        Assert.Equal(2, State.Differences(expected, ["wallet: {\"balance\": 20}", "chat: {\"username\": \"ada\"}"]).Count);
        Assert.Single(State.Differences(expected, ["wallet: {\"balance\": 10}"]));
        Assert.Single(State.Differences(expected, [.. expected, "chat: {\"username\": \"back from the dead\"}"]));
    }

    /// <summary>One kind after the other, each consumed by all before the next comes.</summary>
    private static async Task PublishInOrderAsync(Consumers consumers, Histories histories)
    {
        var people = histories.Created.Count;
        await consumers.PublishAllAsync(histories.Created);
        await EverywhereAsync(consumers, "people", people);
        await CountedAsync(consumers, Service.Wallet, "points_wallets", people);
        foreach (var version in new[] { 2, 3 })
        {
            await consumers.PublishAllAsync(histories.Updated.Where(stored => (int)stored.Message["version"]! == version));
            await EverywhereAsync(consumers, $"people WHERE version = {version}", people);
        }

        await consumers.PublishAllAsync(histories.Awarded);
        await CountedAsync(consumers, Service.Wallet, "wallet_transactions WHERE event_id IS NOT NULL", histories.Awarded.Count);
        foreach (var version in new[] { 1, 2, 3 })
        {
            var events = histories.Blocked.Where(stored => (int)stored.Message["version"]! == version).ToList();
            await consumers.PublishAllAsync(events);
            await EverywhereAsync(consumers, $"blocks WHERE version = {version}", events.Count);
            await CountedAsync(consumers, Service.Wallet, $"blocks WHERE version = {version}", events.Count);
        }

        await consumers.PublishAllAsync([.. histories.Revoked, .. histories.Deleted]);
        await EverywhereAsync(consumers, "people WHERE deleted_at IS NOT NULL", histories.Deleted.Count);
        await CountedAsync(consumers, Service.Wallet, "deleted_users", histories.Deleted.Count);
    }

    private static async Task EverywhereAsync(Consumers consumers, string rows, int count)
    {
        foreach (var service in Consumers.Services.Where(service => service != Service.Wallet))
        {
            await CountedAsync(consumers, service, rows, count);
        }
    }

    private static Task CountedAsync(Consumers consumers, Service service, string rows, int count) =>
        Eventually.TrueAsync(async () => await consumers.CountAsync(service, rows) == count, Timeout, $"{service.Name}: {count} {rows}");

    private static async Task RefuseRevokedSessionsAsync(Consumers consumers, Histories histories)
    {
        (Service Service, string Path)[] doors =
            [(Service.Wallet, "/api/wallet"), (Service.Profile, "/api/profiles?q=a"), (Service.Jobs, "/api/jobs"), (Service.Chat, "/api/chats")];
        foreach (var (service, path) in doors)
        {
            foreach (var stored in histories.Revoked.Take(10))
            {
                await Eventually.TrueAsync(
                    async () => await StatusAsync(consumers, service, path, stored.Message) == HttpStatusCode.Unauthorized, TimeSpan.FromSeconds(30));
            }
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(Consumers consumers, Service service, string path, JsonObject revoked)
    {
        var user = new TestUser((Guid)revoked["userId"]!, "somebody", (Guid)revoked["sessionId"]!);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", consumers.Issuer.Issue(user));
        using var response = await consumers[service].Client.SendAsync(request);
        return response.StatusCode;
    }
}
