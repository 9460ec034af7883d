using Explaino.Bench.Load;

namespace Explaino.Bench.Figures;

/// <summary>How many devices are told how soon: a thousand connections through the gateway, in one group of a hundred or in groups of ten.</summary>
internal static class Chat
{
    private const int Connections = 1_000;

    public static async IAsyncEnumerable<Figure> MeasureAsync(BenchSystem system, Users users, Options options)
    {
        users.Prepare(Connections);
        using var gateway = new HttpConnection(system.Port("gateway"));
        var large = GroupTalk.Create(gateway, users, Enumerable.Range(1, 100));
        var small = GroupTalk.CreateAll(gateway, users, Connections, size: 10);

        var before = system.MemoryMegabytes("chat", "gateway");
        var devices = Enumerable.Range(1, Connections).ToDictionary(number => number, _ => new HubClient());
        foreach (var (number, device) in devices)
        {
            await device.ConnectAsync(system.Address("gateway"), users.TokenOf(number));
        }

        await Task.Delay(TimeSpan.FromSeconds(2));
        var each = (system.MemoryMegabytes("chat", "gateway") - before) * 1024 / Connections;
        yield return new("memory per idle chat connection, chat and gateway together", $"{each:F0} KiB", "–", true);
        var talk = new GroupTalk(devices);
        await talk.RunAsync(small, messagesPerSecond: 400, options.LongestWarmUp);
        yield return Of("chat, one group of 100", await talk.RunAsync([large], messagesPerSecond: 220, options.Duration * 2));
        yield return Of("chat, 1,000 connections in groups of 10", await talk.RunAsync(small, messagesPerSecond: 2_200, options.Duration * 2));
        foreach (var device in devices.Values)
        {
            device.Dispose();
        }
    }

    private static Figure Of(string name, Talked talked)
    {
        var (delays, missing) = (talked.Delays, talked.Wanted - talked.Delays.Count);
        return new(
            name,
            $"{talked.PerSecond:N0} deliveries/s, p50 {delays.Quantile(0.5):F0} ms, p99 {delays.Quantile(0.99):F0} ms, {missing} of {talked.Wanted} missing",
            "≥ 20,000/s, p99 < 250 ms",
            talked.PerSecond >= 20_000 && delays.Quantile(0.99) < 250 && missing == 0);
    }
}
