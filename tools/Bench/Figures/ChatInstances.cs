using System.Diagnostics;
using Explaino.Bench.Load;
using Explaino.Testing;
using HubClient = Explaino.Bench.Load.HubClient;

namespace Explaino.Bench.Figures;

/// <summary>What a delivery costs Chat's processes when the members of each group are connected to one, two or four instances; at a rate that all of them bear.</summary>
internal static class ChatInstances
{
    private const int Connections = 400;
    private const int MessagesPerSecond = 100;
    private const double MostGrowth = 1.15;

    public static async Task<Figure> MeasureAsync(BenchSystem system, Users users, Options options)
    {
        users.Prepare(Connections);
        using var gateway = new HttpConnection(system.Port("gateway"));
        var groups = GroupTalk.CreateAll(gateway, users, Connections, size: 10);
        var (first, others, costs) = (system.Process("chat"), new List<ServiceProcess>(), new List<double>());
        try
        {
            foreach (var instances in (int[])[1, 2, 4])
            {
                while (others.Count + 1 < instances)
                {
                    others.Add(await system.StartAnotherAsync(Service.Chat));
                }

                costs.Add(await CostAsync([first, .. others], groups, users, options));
            }
        }
        finally
        {
            foreach (var other in others)
            {
                await other.DisposeAsync();
            }
        }

        var (two, four) = (costs[1] / costs[0], costs[2] / costs[0]);
        return new(
            "Chat's processor time for a delivery",
            $"one instance {costs[0]:F3} ms, two × {two:F2}, four × {four:F2}",
            $"< × {MostGrowth}",
            two < MostGrowth && four < MostGrowth);
    }

    /// <returns>In ms.</returns>
    private static async Task<double> CostAsync(List<ServiceProcess> instances, List<GroupTalk.Group> groups, Users users, Options options)
    {
        var devices = Enumerable.Range(1, Connections).ToDictionary(number => number, _ => new HubClient());
        foreach (var (number, device) in devices)
        {
            await device.ConnectAsync(instances[number % instances.Count].Address, users.TokenOf(number));
        }

        var talk = new GroupTalk(devices);
        await talk.RunAsync(groups, MessagesPerSecond, options.LongestWarmUp);
        var before = CpuTime(instances);
        var talked = await talk.RunAsync(groups, MessagesPerSecond, options.Duration * 4);
        var used = CpuTime(instances) - before;
        foreach (var device in devices.Values)
        {
            device.Dispose();
        }

        return talked.Delays.Count == talked.Wanted
            ? used.TotalMilliseconds / talked.Wanted
            : throw new InvalidOperationException($"{instances.Count} instances of Chat delivered {talked.Delays.Count} of {talked.Wanted}.");
    }

    private static TimeSpan CpuTime(List<ServiceProcess> instances) =>
        instances.Aggregate(TimeSpan.Zero, (sum, instance) => sum + Process.GetProcessById(instance.Id).TotalProcessorTime);
}
