using Explaino.Bench.Load;
using Explaino.Bench.Rows;

namespace Explaino.Bench.Figures;

/// <summary>
/// A cold start: what a process that was just started does beside what it did when it was warm. After a deployment, or when an autoscaler adds an
/// instance, users meet it at once.
/// </summary>
internal static class FreshProcess
{
    private const double LeastPart = 0.8;
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Wanted = TimeSpan.FromSeconds(5);

    public static async IAsyncEnumerable<Figure> MeasureAsync(BenchSystem system, Users users, Options options)
    {
        yield return await OfAsync("identity", "users/me", "/api/users/me");
        yield return await OfAsync("jobs", "20 jobs", "/api/jobs");

        async Task<Figure> OfAsync(string process, string name, string path)
        {
            Sample Ask(TimeSpan duration) => Reads.Get(system, users, "gateway", duration, () => path);

            Ask(options.LongestWarmUp);
            var warm = Ask(options.Duration).PerSecond;
            await system.RestartAsync(process);
            var parts = new List<double>();
            while (parts.Count * Slice < LongestWait && (parts.Count * Slice < Wanted + Slice || parts[^1] < LeastPart))
            {
                parts.Add(Ask(Slice).PerSecond / warm);
            }

            var (first, after) = (parts[0], parts[(int)(Wanted / Slice)]);
            var reached = parts.FindIndex(part => part >= LeastPart);
            return new(
                $"a fresh process, {name}: part of the warm rate",
                $"{first:P0} in the first second, {after:P0} after {Wanted.TotalSeconds:F0} s, 80 % after {(reached < 0 ? "more than 30" : reached)} s",
                $"{LeastPart:P0} after {Wanted.TotalSeconds:F0} s",
                after >= LeastPart);
        }
    }
}
