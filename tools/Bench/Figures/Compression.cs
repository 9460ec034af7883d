using Explaino.Bench.Load;

namespace Explaino.Bench.Figures;

/// <summary>Compression (docs/adr/0052): what the answers that are asked for most weigh plain and compressed, and how many of them a second there are of either, in turns.</summary>
internal static class Compression
{
    private const double LeastShare = 0.9;
    private const int InAList = 20;
    private static readonly string?[] Codings = [null, "br", "gzip"];

    public static IEnumerable<Figure> Measure(BenchSystem system, Users users, Options options)
    {
        var port = system.Port("gateway");
        using var gateway = new HttpConnection(port);
        foreach (var (name, path) in Paths(gateway, users))
        {
            byte[] Asked(string? coding) => Request.Get(path, users.TokenOf(1), coding);
            var bytes = Codings.Select(coding => gateway.Exchange(Asked(coding)) == 200 ? gateway.Body.Length : throw new InvalidOperationException($"{path} was not answered.")).ToList();
            double Rate(string? coding) => ClosedLoop.Run(port, options.Duration, _ => Asked(coding)).PerSecond;

            // Once for nothing, until both ways are warm.
            _ = (Rate(null), Rate("br"));
            var runs = Enumerable.Range(0, options.Runs).Select(_ => (Plain: Rate(null), Compressed: Rate("br"))).ToList();
            var (plain, compressed) = (runs.Select(run => run.Plain).Median(), runs.Select(run => run.Compressed).Median());
            yield return new(
                $"compressed: {name}", $"{bytes[0]:N0} bytes, {bytes[1]:N0} as br, {bytes[2]:N0} as gzip; {compressed:N0}/s as br, {plain:N0}/s plain", $"≥ {LeastShare:P0} of plain", compressed >= LeastShare * plain);
        }
    }

    /// <summary>The ten answers, with what has to be there for them.</summary>
    private static IReadOnlyList<(string Name, string Path)> Paths(HttpConnection gateway, Users users)
    {
        var token = users.TokenOf(1);
        string Made(string path, string json, string? by = null, Guid? key = null) => gateway.Ask(Request.Post(path, by ?? token, json, key)).GetProperty("id").GetString()!;

        var job = Made("/api/jobs", """{"title":"Compressed","description":"To be read often, and by many who pay for each byte of it"}""", key: Guid.CreateVersion7());
        var chat = "";
        for (var number = 2; number <= InAList + 1; number++)
        {
            Made($"/api/jobs/{job}/comments", $$"""{"content":"Comment {{number}}: how do looms remember what they weave?"}""", users.TokenOf(number), Guid.CreateVersion7());
            chat = Made("/api/chats", $$"""{"user_id":"{{Users.Id(number)}}"}""");
            Made($"/api/chats/{chat}/messages", $$"""{"content":"Message {{number}}: by cards with holes"}""");
        }

        for (var number = 0; number < InAList; number++)
        {
            Made($"/api/chats/{chat}/messages", $$"""{"content":"And another, number {{number}}, of what was said"}""");
        }

        return
        [
            ("20 jobs", "/api/jobs"), ("one job", $"/api/jobs/{job}"), ("20 comments", $"/api/jobs/{job}/comments"), ("20 chats", "/api/chats"), ("20 messages", $"/api/chats/{chat}/messages"),
            ("20 people", "/api/users?q=bench"), ("a profile", $"/api/profiles/{Users.Id(1)}"), ("20 transactions", "/api/wallet/transactions"), ("specializations", "/api/specializations"),
            ("oneself", "/api/users/me"),
        ];
    }
}
