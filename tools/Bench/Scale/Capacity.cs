namespace Explaino.Bench.Scale;

/// <summary>What one piece needs in the busiest hour.</summary>
/// <param name="Name">A service, the gateway, or a service's database.</param>
/// <param name="Busy">Cores' worth of work.</param>
/// <param name="Connections">Of the hub, that it holds.</param>
internal sealed record Piece(string Name, double Busy, double Connections = 0)
{
    /// <summary>Of one process: what it takes of memory, and of a machine's network when all come back at once.</summary>
    public const int ConnectionsOfInstance = 20_000;

    /// <summary>Cores to a process.</summary>
    public const int CoresOfInstance = 2;

    /// <summary>Share of its cores that may be busy: what is left bears an instance that fails, and the queue before it stays short.</summary>
    public const double Utilization = 0.6;

    public bool IsDatabase => Name.EndsWith("db", StringComparison.Ordinal);

    /// <summary>Two at least, so that one may fail; of a database one primary.</summary>
    public int Instances => IsDatabase ? 1 : (int)Math.Max(2, Math.Ceiling(Math.Max(Busy / Utilization / CoresOfInstance, Connections / ConnectionsOfInstance)));

    public int Cores => IsDatabase ? Math.Max(2, (int)Math.Ceiling(Busy / Utilization)) : Instances * CoresOfInstance;
}

/// <summary>Capacity for a number of accounts: pieces by their work in the busiest hour, and the latency that a simulation of some seconds of it shows.</summary>
internal sealed record Capacity(double Accounts, IReadOnlyList<Piece> Pieces, double CallsPerSecond, double EventsPerSecond, double Connections, double P50, double P99)
{
    private const double SimulatedSeconds = 10;

    private static readonly string[] Services = [.. Traffic.Calls.Select(call => call.Service).Distinct()];

    public double CommitsPerSecond(string service) => Traffic.Calls.Where(call => call.Service == service).Sum(call => Rate(call, Accounts) * call.Commits);

    public static Capacity For(double accounts, Costs costs)
    {
        var connections = accounts * Traffic.Active * Traffic.Connected;
        var pings = connections * Traffic.PingsPerSecond * Traffic.CostOfPing / 1000;
        var pieces = new List<Piece> { new("gateway", pings + Traffic.Calls.Sum(call => Rate(call, accounts) * costs.Of(call).Gateway / 1000), connections) };
        foreach (var service in Services)
        {
            var calls = Traffic.Calls.Where(call => call.Service == service).ToList();
            var (held, heard) = service == "chat" ? (connections, pings) : (0, 0);
            pieces.Add(new(service, heard + calls.Sum(call => Rate(call, accounts) * costs.Of(call).Service / 1000), held));
            pieces.Add(new($"{service}db", calls.Sum(call => Rate(call, accounts) * costs.Of(call).Database / 1000)));
        }

        var latencies = Simulate(accounts, costs, pieces.ToDictionary(piece => piece.Name, piece => piece.Cores));
        return new(
            accounts, pieces, Traffic.Calls.Sum(call => Rate(call, accounts)), Traffic.Calls.Sum(call => Rate(call, accounts) * call.Events),
            connections, latencies[latencies.Length / 2], latencies[latencies.Length * 99 / 100]);
    }

    private static double Rate(Call call, double accounts) => accounts * Traffic.Active * call.PerDay * Traffic.BusiestHour / 3600;

    /// <summary>Poisson arrivals, exponential work; each call goes through the gateway, its service and its database.</summary>
    /// <returns>In ms, in order; without logins, which take what the hash takes.</returns>
    private static double[] Simulate(double accounts, Costs costs, Dictionary<string, int> cores)
    {
        var random = new Random(1);
        var calls = Traffic.Calls.Where(call => call.Row != "login").SelectMany(call => Enumerable.Repeat(call, (int)Math.Ceiling(Rate(call, accounts) * SimulatedSeconds))).ToArray();
        var began = calls.Select(_ => random.NextDouble() * SimulatedSeconds).ToArray();
        var times = (double[])began.Clone();
        Station.Serve(times, Work(_ => true, cost => cost.Gateway), cores["gateway"]);
        foreach (var service in Services)
        {
            Station.Serve(times, Work(call => call.Service == service, cost => cost.Service), cores[service]);
            Station.Serve(times, Work(call => call.Service == service, cost => cost.Database), cores[$"{service}db"]);
        }

        return [.. times.Select((time, request) => 1000 * (time - began[request])).Order()];

        double[] Work(Func<Call, bool> comes, Func<Cost, double> mean) =>
            [.. calls.Select(call => comes(call) ? -Math.Log(1 - random.NextDouble()) * mean(costs.Of(call)) / 1000 : 0)];
    }
}
