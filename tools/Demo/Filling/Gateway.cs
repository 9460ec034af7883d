using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Explaino.Client;

namespace Explaino.Demo.Filling;

/// <summary>The public API, as any client sees it.</summary>
internal sealed class Gateway(Uri address) : IDisposable
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>One for all people: their connections are the same.</summary>
    private readonly SocketsHttpHandler _transport = new() { UseCookies = false, AutomaticDecompression = DecompressionMethods.All };

    /// <summary>Somebody's device. It has all the time that rate limits ask for: hundreds of people sign up at one address.</summary>
    public ExplainoClient NewClient() => new(address, new() { Transport = _transport, Attempts = 100, Patience = TimeSpan.FromMinutes(2) });

    public static async Task<Answer> SendAsync(HttpClient client, HttpMethod method, string path, HttpContent? content, Guid? key, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key.ToString());
        }

        using var response = await client.SendAsync(request, cancellationToken);
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

    public void Dispose() => _transport.Dispose();

    private static async Task<JsonNode?> BodyAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true
            ? await response.Content.ReadFromJsonAsync<JsonNode>(cancellationToken)
            : null;

    private static string? Explanation(JsonNode? problem) =>
        problem is null ? null : $"{(string?)problem["detail"] ?? (string?)problem["title"]} {problem["errors"]?.ToJsonString()}".Trim();
}
