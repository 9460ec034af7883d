using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.Trust.Tests.Faults;

/// <summary>Retrying client, like an app's: repeats a call until it is acknowledged, and notes every answer that the contract does not allow.</summary>
internal sealed class RetryingClient(
    Uri gateway, History history, string email, string username, string password = ExplainoSystem.Password, HttpMessageHandler? way = null) : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan TokenIsFresh = TimeSpan.FromMinutes(10);

    private readonly HttpClient _client = new(way ?? new SocketsHttpHandler { UseCookies = false }, disposeHandler: way is null) { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(35) };
    private string? _token;
    private long _signedInAt;

    public string Email => email;

    public string Username => username;

    public Guid Id { get; private set; }

    /// <summary>The access token of the last sign-in.</summary>
    public string Token => _token ?? throw new InvalidOperationException($"{email} is not signed in.");

    /// <summary>Anybody new, not registered yet.</summary>
    /// <param name="way">What leads there, where several gateways do; it is not disposed.</param>
    public static RetryingClient New(Uri gateway, History history, HttpMessageHandler? way = null)
    {
        var number = Guid.CreateVersion7().ToString("n")[^12..];
        return new RetryingClient(gateway, history, $"{number}@example.org", $"p{number}", way: way);
    }

    /// <summary>The same person, at another address.</summary>
    public RetryingClient At(Uri other, History noted) => new(other, noted, email, username, password);

    public async Task RegisterAsync()
    {
        // After an answer that was lost, "already taken" says that it was done.
        var (status, attempts) = await InsistAsync(
            () => new(HttpMethod.Post, "/api/auth/register") { Content = JsonContent.Create(new { email, username, password, first_name = "Ada" }) },
            (answer, _) => answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.Conflict);
        if (status == HttpStatusCode.Conflict && attempts == 1)
        {
            history.Violations.Enqueue($"{email} is new, and was refused.");
        }

        await SignInAsync();
    }

    public async Task SignInAsync()
    {
        await InsistAsync(
            () => new(HttpMethod.Post, "/api/auth/token") { Content = JsonContent.Create(new { email, password }) },
            (answer, body) => answer.IsSuccessStatusCode && (_token = (string?)body!["access_token"]) is not null);
        _signedInAt = Stopwatch.GetTimestamp();
        Id = Guid.Parse((string)(await GetAsync("/api/users/me"))["id"]!);
    }

    public async Task<JsonObject> GetAsync(string path) => (await WriteAsync(HttpMethod.Get, path, null))!;

    /// <summary>Everything of a list, page by page.</summary>
    public async Task<IReadOnlyList<JsonObject>> ListAsync(string path)
    {
        var items = new List<JsonObject>();
        for (string? cursor = null; ;)
        {
            var page = await GetAsync($"{path}{(path.Contains('?') ? '&' : '?')}limit=100{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}");
            items.AddRange(page["items"]!.AsArray().Select(item => item!.AsObject()));
            if ((cursor = (string?)page["next_cursor"]) is null)
            {
                return items;
            }
        }
    }

    /// <summary>Repeats until the answer is a success, or 404 no longer where that may only mean "not yet"; the same key says that it is the same write.</summary>
    /// <param name="body">Bytes are sent as a file, all else as JSON.</param>
    public async Task<JsonObject?> WriteAsync(HttpMethod method, string path, object? body, Guid? key = null, bool mayComeLater = false)
    {
        if (_token is not null && Stopwatch.GetElapsedTime(_signedInAt) > TokenIsFresh)
        {
            await SignInAsync();
        }

        JsonObject? result = null;
        await InsistAsync(
            () => RequestOf(method, path, body, key),
            (answer, content) =>
            {
                result = content;
                return answer.IsSuccessStatusCode;
            },
            mayComeLater);
        return result;
    }

    /// <summary>Once, whatever comes of it.</summary>
    /// <returns>Whether it was acknowledged.</returns>
    public async Task<bool> TryAsync(HttpMethod method, string path, object body, Guid? key = null)
    {
        using var request = RequestOf(method, path, body, key);
        try
        {
            using var response = await _client.SendAsync(request);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    public void Dispose() => _client.Dispose();

    private HttpRequestMessage RequestOf(HttpMethod method, string path, object? body, Guid? key)
    {
        var request = new HttpRequestMessage(method, path) { Content = ContentOf(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key.ToString());
        }

        return request;
    }

    private static HttpContent? ContentOf(object? body) => body switch
    {
        null => null,
        byte[] file => new MultipartFormDataContent { { new ByteArrayContent(file), "file", "file" } },
        _ => JsonContent.Create(body),
    };

    private async Task<(HttpStatusCode Status, int Attempts)> InsistAsync(
        Func<HttpRequestMessage> call, Func<HttpResponseMessage, JsonObject?, bool> isAcknowledged, bool mayComeLater = false)
    {
        var started = Stopwatch.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            using var request = call();
            var sent = Stopwatch.GetTimestamp();
            try
            {
                using var response = await _client.SendAsync(request);
                history.Answered(Stopwatch.GetElapsedTime(sent));
                var body = response is { IsSuccessStatusCode: true, StatusCode: not HttpStatusCode.NoContent }
                    ? await response.Content.ReadFromJsonAsync<JsonObject>() : null;
                if (isAcknowledged(response, body))
                {
                    return (response.StatusCode, attempt);
                }

                if (!mayComeLater || response is not { StatusCode: HttpStatusCode.NotFound, Headers.RetryAfter: not null })
                {
                    await history.RefusedAsync(request, response);
                }
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                history.Answered(Stopwatch.GetElapsedTime(sent));
                history.Failed(request, e);
            }

            if (Stopwatch.GetElapsedTime(started) > Timeout)
            {
                throw new TimeoutException(
                    $"{request.Method} {request.RequestUri} did not succeed within {Timeout}.\n{string.Join('\n', history.Violations.TakeLast(5))}");
            }

            await Task.Delay(Pause);
        }
    }
}
