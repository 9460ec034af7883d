using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Explaino.ServiceDefaults.OpenApi;

namespace Explaino.Gateway.Docs;

/// <summary>The services' OpenAPI documents as last read, so that a service that is away keeps its place in the merged one.</summary>
internal sealed class ServiceDocuments(HttpClient services, IConfiguration configuration, RenderedDocument own, ILogger<ServiceDocuments> logger)
{
    /// <summary>How the routes are named that lead to a service's document.</summary>
    private const string Route = "-document";

    private readonly ConcurrentDictionary<string, Known> _known = new();

    /// <summary>The services whose documents the gateway gives out.</summary>
    public static IEnumerable<string> Names(IConfiguration configuration) =>
        from route in configuration.GetSection("ReverseProxy:Routes").GetChildren()
        where route.Key.EndsWith(Route, StringComparison.Ordinal)
        select route.Key[..^Route.Length];

    /// <summary>Asks every service whether its document has changed.</summary>
    /// <returns>Null where nothing is known of a service yet: half an API is none that a client could be made of.</returns>
    public async Task<IReadOnlyList<(string Service, JsonObject Document)>?> ReadAsync(CancellationToken cancellationToken)
    {
        string[] names = [.. Names(configuration).Order(StringComparer.Ordinal)];
        await Task.WhenAll(names.Select(name => ReadAsync(name, cancellationToken)));
        return names.All(_known.ContainsKey)
            ? [.. names.Select(name => (name, _known[name].Document)), ("gateway", JsonNode.Parse((await own.GetAsync()).Json)!.AsObject())]
            : null;
    }

    private async Task ReadAsync(string name, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{name}/openapi/v1.json");
        if (_known.TryGetValue(name, out var known))
        {
            request.Headers.IfNoneMatch.TryParseAdd(known.Tag);
        }

        try
        {
            using var response = await services.SendAsync(request, cancellationToken);
            if (response.StatusCode != HttpStatusCode.NotModified)
            {
                var document = await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
                _known[name] = new(response.Headers.ETag?.ToString(), document ?? throw new JsonException("null is no document."));
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            logger.LogWarning(e, "{Service} does not give its OpenAPI document", name);
        }
    }

    private sealed record Known(string? Tag, JsonObject Document);
}
