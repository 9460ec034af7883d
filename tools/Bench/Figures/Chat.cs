using System.Diagnostics;
using System.Text.Json;
using Explaino.Bench.Load;

namespace Explaino.Bench.Figures;

/// <summary>How many devices are told how soon: a thousand connections through the gateway, in one group of a hundred or in groups of ten; open loop.</summary>
internal static class Chat
{
    private const int Connections = 1_000;

    public static async IAsyncEnumerable<Figure> MeasureAsync(BenchSystem system, Users users, Options options)
    {
        users.Prepare(Connections);
        using var gateway = new HttpConnection(system.Port("gateway"));
        var large = (Group: CreateGroup(gateway, users, 1, Enumerable.Range(2, 99)), Members: Enumerable.Range(1, 100).ToArray());
        var small = Enumerable.Range(0, Connections / 10).Select(index => Enumerable.Range((index * 10) + 1, 10).ToArray())
            .Select(members => (Group: CreateGroup(gateway, users, members[0], members[1..]), Members: members)).ToList();

        var before = system.MemoryMegabytes("chat", "gateway");
        var devices = Enumerable.Range(1, Connections).ToDictionary(number => number, _ => new HubClient());
        foreach (var (number, device) in devices)
        {
            await device.ConnectAsync(system, users.TokenOf(number));
        }

        await Task.Delay(TimeSpan.FromSeconds(2));
        var each = (system.MemoryMegabytes("chat", "gateway") - before) * 1024 / Connections;
        yield return new("memory per idle chat connection, chat and gateway together", $"{each:F0} KiB", "–", true);
        await DeliverAsync("warm-up", devices, small, messagesPerSecond: 400, options.LongestWarmUp);
        yield return await DeliverAsync("chat, one group of 100", devices, [large], messagesPerSecond: 220, options.Duration * 2);
        yield return await DeliverAsync("chat, 1,000 connections in groups of 10", devices, small, messagesPerSecond: 2_200, options.Duration * 2);
        foreach (var device in devices.Values)
        {
            device.Dispose();
        }
    }

    private static Guid CreateGroup(HttpConnection gateway, Users users, int owner, IEnumerable<int> others) =>
        gateway.Ask(Request.Post(
            "/api/groups",
            users.TokenOf(owner),
            $$"""{"name":"bench","user_ids":{{JsonSerializer.Serialize(others.Select(Users.Id))}}}""")).GetProperty("id").GetGuid();

    private static async Task<Figure> DeliverAsync(
        string name, Dictionary<int, HubClient> devices, List<(Guid Group, int[] Members)> groups, int messagesPerSecond, TimeSpan duration)
    {
        foreach (var device in devices.Values)
        {
            device.Delays.Clear();
        }

        var clock = Stopwatch.StartNew();
        var sent = 0;
        for (; clock.Elapsed < duration; await Task.Delay(1))
        {
            for (; sent < clock.Elapsed.TotalSeconds * messagesPerSecond; sent++)
            {
                var (group, members) = groups[sent % groups.Count];
                await devices[members[sent / groups.Count % members.Length]].SayAsync(group);
            }
        }

        var wanted = groups.Count > 0 ? sent * groups[0].Members.Length : 0;
        await ArriveAsync(devices.Values, wanted);
        var delays = devices.Values.SelectMany(device => device.Delays).Order().ToList();
        var rate = delays.Count / clock.Elapsed.TotalSeconds;
        return new(
            name,
            $"{rate:N0} deliveries/s, p50 {delays.Quantile(0.5):F0} ms, p99 {delays.Quantile(0.99):F0} ms, {wanted - delays.Count} of {wanted} missing",
            "≥ 20,000/s, p99 < 250 ms",
            rate >= 20_000 && delays.Quantile(0.99) < 250 && delays.Count == wanted);
    }

    /// <summary>Until all is there, or nothing comes any more.</summary>
    private static async Task ArriveAsync(IReadOnlyCollection<HubClient> devices, int wanted)
    {
        var (arrived, quiet) = (0, 0);
        while (arrived < wanted && quiet < 20)
        {
            await Task.Delay(100);
            var now = devices.Sum(device => device.Delays.Count);
            quiet = now > arrived ? 0 : quiet + 1;
            arrived = now;
        }
    }
}
