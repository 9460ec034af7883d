using System.Diagnostics;
using System.Text.Json;

namespace Explaino.Bench.Load;

/// <summary>People who talk in groups, each on one device, as often as is asked for whether or not all is delivered in time (open loop).</summary>
/// <param name="devices">By the number of their person.</param>
internal sealed class GroupTalk(IReadOnlyDictionary<int, HubClient> devices)
{
    public static Group Create(HttpConnection gateway, Users users, IEnumerable<int> members)
    {
        int[] people = [.. members];
        return new(
            gateway.Ask(Request.Post(
                "/api/groups",
                users.TokenOf(people[0]),
                $$"""{"name":"bench","user_ids":{{JsonSerializer.Serialize(people[1..].Select(Users.Id))}}}""")).GetProperty("id").GetGuid(),
            people);
    }

    /// <summary>Groups of so many, in which everybody is in one.</summary>
    public static List<Group> CreateAll(HttpConnection gateway, Users users, int people, int size) =>
        [.. Enumerable.Range(1, people).Chunk(size).Select(members => Create(gateway, users, members))];

    public async Task<Talked> RunAsync(IReadOnlyList<Group> groups, int messagesPerSecond, TimeSpan duration)
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
                var (id, members) = groups[sent % groups.Count];
                await devices[members[sent / groups.Count % members.Length]].SayAsync(id);
            }
        }

        var wanted = sent * groups[0].Members.Length;
        await ArriveAsync(wanted);
        return new(wanted, [.. devices.Values.SelectMany(device => device.Delays).Order()], clock.Elapsed);
    }

    /// <summary>Until all is there, or nothing comes any more.</summary>
    private async Task ArriveAsync(int wanted)
    {
        var (arrived, quiet) = (0, 0);
        while (arrived < wanted && quiet < 50)
        {
            await Task.Delay(100);
            var now = devices.Values.Sum(device => device.Delays.Count);
            quiet = now > arrived ? 0 : quiet + 1;
            arrived = now;
        }
    }

    /// <param name="Id">Of the conversation.</param>
    /// <param name="Members">By their numbers.</param>
    public sealed record Group(Guid Id, int[] Members);
}

/// <summary>What was delivered.</summary>
/// <param name="Wanted">How many deliveries there should be.</param>
/// <param name="Delays">Of each one that arrived, from sending, in ms, in order.</param>
/// <param name="Elapsed">Until the last one.</param>
internal sealed record Talked(int Wanted, List<double> Delays, TimeSpan Elapsed)
{
    public double PerSecond => Delays.Count / Elapsed.TotalSeconds;
}
