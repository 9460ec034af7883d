using System.Text.Json;
using System.Text.Json.Nodes;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Http;
using Explaino.ServiceDefaults.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Explaino.Gateway.Docs;

/// <summary><c>/openapi/explaino.json</c>: the merged document, and the same in the words of OpenAPI 3.0 for generators that know no other.</summary>
internal sealed class MergedDocuments(ServiceDocuments services, IConfiguration configuration, TimeProvider clock) : IDisposable
{
    /// <summary>How long what the services said is taken for what they say: their documents change when they are deployed.</summary>
    private readonly TimeSpan _freshness = configuration.GetValue("Documents:Freshness", TimeSpan.FromSeconds(10));

    /// <summary>When to come back where a service was missing.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _reading = new(1);
    private JsonObject? _whole;
    private volatile Texts? _texts;
    private long _readAt;

    /// <returns>Null where a service has not been heard of since the gateway started.</returns>
    public async Task<Texts?> GetAsync(CancellationToken cancellationToken)
    {
        // While one asks the services, the others get what is known.
        if (IsFresh || !await _reading.WaitAsync(_texts is null ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, cancellationToken))
        {
            return _texts;
        }

        try
        {
            return IsFresh ? _texts : await ReadAsync(cancellationToken);
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    // Who was told to come back in a second finds that it was asked again.
    private bool IsFresh => _readAt != 0 && clock.GetElapsedTime(_readAt) < (_texts is null ? Pause / 2 : _freshness);

    private async Task<Texts?> ReadAsync(CancellationToken cancellationToken)
    {
        if (await services.ReadAsync(cancellationToken) is { } documents && MergedDocument.Of(documents) is var whole && !JsonNode.DeepEquals(whole, _whole))
        {
            _texts = await Texts.OfAsync(whole, cancellationToken);
            _whole = whole;
        }

        _readAt = clock.GetTimestamp();
        return _texts;
    }

    internal sealed record Texts(DocumentText Newest, DocumentText Older)
    {
        public static async Task<Texts> OfAsync(JsonObject whole, CancellationToken cancellationToken) =>
            new(Text(whole), Text(await OlderDocument.OfAsync(whole, cancellationToken)));

        private static DocumentText Text(JsonObject document) => new(JsonSerializer.SerializeToUtf8Bytes(document));
    }
}

/// <summary>Where the merged document is.</summary>
internal static class MergedDocumentEndpoints
{
    public static void AddMergedDocument(this WebApplicationBuilder builder)
    {
        builder.Services.AddServiceClient<ServiceDocuments>(client => client.MaxResponseContentBufferSize = 8 * 1024 * 1024);
        builder.Services.AddSingleton<MergedDocuments>();
    }

    public static void MapMergedDocument(this WebApplication app)
    {
        app.MapGet("/openapi/explaino.json", ShowAsync).AllowAnonymous().ExcludeFromDescription().RequireRateLimiting("client").Compressed();
        app.MapGet("/openapi/explaino-3.0.json", ShowOlderAsync).AllowAnonymous().ExcludeFromDescription().RequireRateLimiting("client").Compressed();
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> ShowAsync(MergedDocuments documents, HttpResponse response, CancellationToken cancellationToken) =>
        await documents.GetAsync(cancellationToken) is { } texts ? texts.Newest.Show(response) : Incomplete();

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> ShowOlderAsync(MergedDocuments documents, HttpResponse response, CancellationToken cancellationToken) =>
        await documents.GetAsync(cancellationToken) is { } texts ? texts.Older.Show(response) : Incomplete();

    private static ProblemHttpResult Incomplete() =>
        Problems.Of(StatusCodes.Status503ServiceUnavailable, ProblemCodes.Unavailable, "A service has not told what it can do yet; try again.").RetryAfter(MergedDocuments.Pause);
}
