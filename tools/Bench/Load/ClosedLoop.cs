using System.Diagnostics;

namespace Explaino.Bench.Load;

/// <summary>Connections that ask again as soon as they are answered, a thread each: for rates and their ratios, not for latency under a given load.</summary>
internal static class ClosedLoop
{
    public const int Connections = 8;

    /// <param name="next">Makes the next request of a connection; called by that connection's thread only.</param>
    /// <param name="answered">Sees the answer's body.</param>
    public static Sample Run(int port, TimeSpan duration, Func<int, byte[]> next, Action<int, HttpConnection>? answered = null, int connections = Connections)
    {
        var times = new List<double>[connections];
        long errors = 0;
        var clock = Stopwatch.StartNew();
        var threads = Enumerable.Range(0, connections).Select(index => new Thread(() =>
        {
            times[index] = [];
            using var connection = new HttpConnection(port);
            while (clock.Elapsed < duration)
            {
                var request = next(index);
                var from = Stopwatch.GetTimestamp();
                var status = connection.Exchange(request);
                times[index].Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
                if (status is >= 200 and < 300)
                {
                    answered?.Invoke(index, connection);
                }
                else
                {
                    Interlocked.Increment(ref errors);
                }
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return Sample.Of([.. times.SelectMany(list => list)], clock.Elapsed, errors);
    }
}
