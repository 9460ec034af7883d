namespace Explaino.Bench.Scale;

/// <summary>Queueing station: one queue before several cores, first come first served.</summary>
internal static class Station
{
    /// <summary>Moves each request to when it leaves.</summary>
    /// <param name="times">When each request arrives, in seconds; afterwards, when it is done.</param>
    /// <param name="demand">Of each request, in seconds; 0 passes by.</param>
    public static void Serve(double[] times, double[] demand, int cores)
    {
        var free = new PriorityQueue<int, double>(Enumerable.Range(0, cores).Select(core => (core, 0d)));
        foreach (var request in Enumerable.Range(0, times.Length).Where(request => demand[request] > 0).OrderBy(request => times[request]))
        {
            free.TryPeek(out var core, out var since);
            times[request] = Math.Max(times[request], since) + demand[request];
            free.DequeueEnqueue(core, times[request]);
        }
    }
}
