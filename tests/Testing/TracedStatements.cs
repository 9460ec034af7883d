using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Explaino.Testing;

/// <summary>The statements that Npgsql sends for one request, told from all others by the request's trace.</summary>
public sealed class TracedStatements : IDisposable
{
    private readonly ActivityTraceId _trace = ActivityTraceId.CreateRandom();
    private readonly ActivityListener _listener;
    private readonly ConcurrentQueue<string> _texts = new();

    public TracedStatements()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Npgsql" or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                // Opening a connection is a span as well.
                if (activity.Source.Name == "Npgsql" && activity.TraceId == _trace && TextOf(activity) is { } text)
                {
                    _texts.Enqueue(text);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public int Count => _texts.Count;

    public IReadOnlyCollection<string> Texts => _texts;

    public HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add("traceparent", $"00-{_trace}-{ActivitySpanId.CreateRandom()}-01");
        return request;
    }

    public async Task<JsonObject> ReadAsync(HttpClient client, string path)
    {
        using var request = Request(HttpMethod.Get, path);
        using var response = await client.SendAsync(request);
        return await response.ReadObjectAsync();
    }

    public void Dispose() => _listener.Dispose();

    private static string? TextOf(Activity activity) => activity.GetTagItem("db.query.text") as string ?? activity.GetTagItem("db.statement") as string;
}
