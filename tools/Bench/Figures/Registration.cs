using System.Diagnostics;
using Explaino.Bench.Load;
using Explaino.Bench.Rows;

namespace Explaino.Bench.Figures;

/// <summary>From a registration's answer to the wallet that the event made, one user after the other: the hash alone is the rate.</summary>
internal static class Registration
{
    private const int WarmUp = 50;

    public static async Task<Figure> MeasureAsync(BenchSystem system, int count)
    {
        using var gateway = new HttpConnection(system.Port("gateway"));
        var admin = gateway.Ask(Sessions.LogIn("admin@explaino.local")).GetProperty("access_token").GetString();
        var run = Random.Shared.Next(1_000_000_000);
        var times = new List<double>();
        for (var number = -WarmUp; number < count; number++)
        {
            var user = gateway.Ask(Request.Post(
                "/api/auth/register", null, $$"""{"email":"r{{run}}.{{number + WarmUp}}@explaino.test","username":"r{{run:D10}}{{number + WarmUp:D4}}","password":"{{Sessions.Password}}"}"""));
            var from = Stopwatch.GetTimestamp();
            var wallet = Request.Get($"/api/wallets/{user.GetProperty("id").GetString()}", admin);
            while (gateway.Exchange(wallet) != 200)
            {
                await Task.Delay(1);
            }

            times.Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
        }

        times.RemoveRange(0, WarmUp);
        times.Sort();
        var (p50, p99) = (times.Quantile(0.5), times.Quantile(0.99));
        return new("registration's answer → wallet visible", $"p50 {p50:F0} ms, p99 {p99:F0} ms", "p50 < 20 ms, p99 < 100 ms", p50 < 20 && p99 < 100);
    }
}
