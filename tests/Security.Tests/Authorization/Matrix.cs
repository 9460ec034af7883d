using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace Explaino.Security.Tests.Authorization;

/// <summary>All rows, and the checks that make them true.</summary>
internal static class Matrix
{
    /// <summary>A row for each operation of the documents: those of every class of rows but the gateway's.</summary>
    public static readonly Row[] Documented =
    [
        .. from type in typeof(Matrix).Assembly.GetTypes()
           where type.Name.EndsWith("Rows", StringComparison.Ordinal) && type != typeof(GatewayRows)
           from row in (Row[])type.GetField("All")!.GetValue(null)!
           select row,
    ];

    public static readonly Row[] All = [.. Documented, .. GatewayRows.All];

    /// <summary>Which operations have no row, which rows no operation, and where they disagree on whether a token is needed.</summary>
    public static IReadOnlyList<string> Compare(IReadOnlyList<Operation> operations, IReadOnlyList<Row> rows)
    {
        var named = rows.ToDictionary(row => row.Operation.Split('?')[0]);
        var documented = operations.ToDictionary(operation => operation.Name);
        return
        [
            .. documented.Keys.Except(named.Keys).Select(name => $"{name} has no row."),
            .. named.Keys.Except(documented.Keys).Select(name => $"{name} is no operation."),
            .. named.Where(row => documented.TryGetValue(row.Key, out var operation) && operation.IsProtected == row.Value.IsAnonymous)
                .Select(row => $"{row.Key} is {(row.Value.IsAnonymous ? "protected" : "open")} by its document."),
        ];
    }

    /// <summary>Tries every row as everybody in it; gives the tries that did not end as the row says.</summary>
    public static async Task<(int Tried, IReadOnlyCollection<string> Complaints)> TryPeopleAsync(SecuritySystem system, IEnumerable<Row> rows, HttpClient door)
    {
        var (tried, complaints) = (0, new ConcurrentQueue<string>());
        await Parallel.ForEachAsync(rows, new ParallelOptions { MaxDegreeOfParallelism = 6 }, async (row, _) =>
        {
            var cast = new TestActors(system);
            foreach (var who in Enum.GetValues<Who>())
            {
                if (row.Expected.For(who) is { } expected)
                {
                    cast.Caller = who;
                    var target = await row.Prepare(cast);
                    var token = who == Who.Nobody ? null : (await cast[who]).AccessToken();
                    Interlocked.Increment(ref tried);
                    if (await SendAsync(door, row, target, token) is var status && status != expected)
                    {
                        complaints.Enqueue($"{row.Operation} as {who}: expected {expected}, got {status}.");
                    }
                }
            }
        });
        return (tried, complaints);
    }

    /// <summary>Tries every row with every bad token: 401 where one is needed, no difference where none is.</summary>
    public static async Task<(int Tried, IReadOnlyCollection<string> Complaints)> TryTokensAsync(
        SecuritySystem system, IEnumerable<Row> rows, IReadOnlyDictionary<string, string> tokens, HttpClient door)
    {
        var (tried, complaints) = (0, new ConcurrentQueue<string>());
        await Parallel.ForEachAsync(rows, new ParallelOptions { MaxDegreeOfParallelism = 6 }, async (row, _) =>
        {
            var cast = new TestActors(system);
            foreach (var (name, token) in tokens)
            {
                // Who is refused for the token never comes to the object, so that any will do.
                var target = row.IsAnonymous ? await row.Prepare(cast) : Nothing(row);
                Interlocked.Increment(ref tried);
                if (await SendAsync(door, row, target, token) is var status && status != row.Expected.Nobody)
                {
                    complaints.Enqueue($"{row.Operation} with a token of {name}: expected {row.Expected.Nobody}, got {status}.");
                }
            }
        });
        return (tried, complaints);
    }

    private static Target Nothing(Row row) =>
        new(new { }, [.. row.Path.Split('/').Where(part => part.StartsWith('{')).Select(part => (part.Trim('{', '}'), (object)Guid.CreateVersion7()))]);

    /// <summary>One try, as whoever the client is.</summary>
    public static Task<HttpResponseMessage> SendAsync(HttpClient door, Row row, Target target) => door.SendAsync(RequestOf(row, target));

    private static async Task<int> SendAsync(HttpClient door, Row row, Target target, string? token)
    {
        using var request = RequestOf(row, target);
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        using var response = await door.SendAsync(request);
        return (int)response.StatusCode;
    }

    private static HttpRequestMessage RequestOf(Row row, Target target)
    {
        var request = new HttpRequestMessage(new HttpMethod(row.Method), target.PathOf(row.Path));
        if (row.Method is not "GET" && target.Body is { } body)
        {
            request.Content = body as HttpContent ?? JsonContent.Create(body);
            request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
        }

        return request;
    }
}
