using System.Diagnostics;
using System.Net.Http.Json;
using Explaino.Testing;

namespace Explaino.Security.Tests.Limits;

/// <summary>The worst that can be searched for, over text that matches everything, within the lengths that are allowed.</summary>
public sealed class SearchTests(SecuritySystem system)
{
    private static readonly string[] Worst =
    [
        string.Concat(Enumerable.Repeat("a ", 100)), string.Concat(Enumerable.Repeat("a OR ", 40)), string.Concat(Enumerable.Repeat("-a ", 66)), string.Concat(Enumerable.Repeat("\"a b\" ", 33)), new('"', 200),
        $"\"{string.Concat(Enumerable.Repeat("a ", 99))}\"", string.Concat(Enumerable.Repeat("% ", 100)), new('%', 150), new('_', 150), string.Concat(Enumerable.Repeat("a%", 75)), string.Concat(Enumerable.Repeat("\\", 150)),
        string.Concat(Enumerable.Repeat("a-", 100)), string.Concat(Enumerable.Repeat("a@a.a/", 33)), new('a', 200), string.Concat(Enumerable.Repeat("😀", 100)), string.Concat(Enumerable.Repeat("ä́", 60)), "a:* & !b | (c <-> d)", "***", "()(|&!",
    ];

    [Fact]
    public async Task No_search_term_keeps_a_service_busy()
    {
        var user = await system.RegisterAsync();
        var text = string.Concat(Enumerable.Repeat("a b a-b % \\ ä aa ", 290));
        await Parallel.ForEachAsync(Enumerable.Range(0, Scale.Of(60, 300, 2_000)), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, cancellationToken) =>
        {
            using var posted = await user.Client.PostAsJsonAsync("/api/jobs", new { title = "a b c", description = text, location = text[..149], tags = new[] { "a" } }, cancellationToken);
            Assert.True(posted.IsSuccessStatusCode, $"Post {number}: {posted.StatusCode}");
        });
        await using var meanwhile = await LoadObserver.StartAsync(system);
        var (slowest, tried) = (TimeSpan.Zero, 0);

        foreach (var worst in Worst)
        {
            foreach (var path in new[] { "/api/jobs?q=", "/api/jobs?sort=popular&location=", "/api/users?q=", "/api/profiles?q=", "/api/profiles?company=", "/api/messages/search?q=" })
            {
                var asked = Stopwatch.GetTimestamp();
                using var response = await user.Client.GetAsync(path + Uri.EscapeDataString(worst));
                slowest = TimeSpan.FromTicks(Math.Max(slowest.Ticks, Stopwatch.GetElapsedTime(asked).Ticks));
                tried++;
                Assert.Contains((int)response.StatusCode, new[] { 200, 400 });
            }
        }

        Figures.Record("Limits", "worst search terms: tried, slowest", $"{tried}, {slowest.TotalMilliseconds:F0} ms");
        Assert.True(slowest < TimeSpan.FromSeconds(10), $"The slowest took {slowest}.");
        await meanwhile.EndAsync("worst search terms");
    }
}
