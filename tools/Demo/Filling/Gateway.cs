using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Explaino.Demo.Filling;

/// <summary>The public API, as any client sees it.</summary>
internal sealed class Gateway(Uri address) : IDisposable
{
    public const string IdempotencyKey = "Idempotency-Key";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    // The limit covers all that a call waits for, rate limits included.
    private readonly HttpClient _client = new(new ComingBack()) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(5) };

    public async Task<Answer> SendAsync(
        HttpMethod method,
        string path,
        HttpContent? content,
        CancellationToken cancellationToken,
        string? token = null,
        Guid? key = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        if (key is not null)
        {
            request.Headers.Add(IdempotencyKey, key.ToString());
        }

        using var response = await _client.SendAsync(request, cancellationToken);
        var body = await BodyAsync(response, cancellationToken);
        return response.IsSuccessStatusCode
            ? new Answer(response.StatusCode, body)
            : throw new RefusedException($"{method} {path}", response.StatusCode, Explanation(body));
    }

    public static HttpContent Body(object body) => JsonContent.Create(body, body.GetType(), options: Json);

    public static HttpContent File(byte[] bytes, string name, string contentType)
    {
        var part = new ByteArrayContent(bytes);
        part.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        return new MultipartFormDataContent { { part, "file", name } };
    }

    public void Dispose() => _client.Dispose();

    private static async Task<JsonNode?> BodyAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true
            ? await response.Content.ReadFromJsonAsync<JsonNode>(cancellationToken)
            : null;

    private static string? Explanation(JsonNode? problem) =>
        problem is null ? null : $"{(string?)problem["detail"] ?? (string?)problem["title"]} {problem["errors"]?.ToJsonString()}".Trim();
}
