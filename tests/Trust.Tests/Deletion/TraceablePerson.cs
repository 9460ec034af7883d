using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.Trust.Tests.Deletion;

/// <summary>A person who leaves traces everywhere, in words that nobody else uses.</summary>
internal sealed class TraceablePerson(ExplainoSystem system)
{
    // The smallest PNG: one transparent pixel.
    private static readonly byte[] Pixel = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==");

    private readonly HttpClient _client = new() { BaseAddress = system.Gateway.BaseAddress };
    private readonly string _email = $"{Word()}@example.org";
    private readonly string _username = Word();
    private readonly string _firstName = Word();
    private readonly string _lastName = Word();
    private readonly string _phone = $"49{Random.Shared.NextInt64(1_000_000_000, 9_999_999_999)}";
    private readonly string _text = Word();

    public Guid Id { get; private set; }

    public string Username => _username;

    public string FirstName => _firstName;

    /// <summary>Everything that must not be found any more. What was said to others in chats stays, by contract.</summary>
    public IReadOnlyList<string> Words => [_email, _username, _firstName, _lastName, _phone, _text];

    public async Task JoinAsync()
    {
        using var registered = await _client.PostAsJsonAsync("/api/auth/register", new
        {
            email = _email,
            username = _username,
            password = ExplainoSystem.Password,
            first_name = _firstName,
            last_name = _lastName,
            phone_number = $"+{_phone}",
            bio = _text,
        });
        Id = Guid.Parse((string)(await registered.ReadObjectAsync(HttpStatusCode.Created))["id"]!);
        using var response = await _client.PostAsJsonAsync("/api/auth/token", new { email = _email, password = ExplainoSystem.Password });
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string)(await response.ReadObjectAsync())["access_token"]!);
    }

    /// <summary>Uses every service, together with this friend.</summary>
    public async Task LeaveTracesAsync(Member friend)
    {
        await SendAsync(HttpMethod.Post, "/api/auth/password/forgot", new { email = _email });
        await SendAsync(HttpMethod.Patch, "/api/users/me", new { bio = $"{_text} again" });
        await SendAsync(HttpMethod.Patch, "/api/profiles/me", new { about = _text, headline = _text, location = _text, current_company = _text });
        await SendAsync(HttpMethod.Put, "/api/profiles/me/skills", new[] { new { name = _text } });
        await SendAsync(HttpMethod.Put, "/api/profiles/me/projects", new[] { new { name = _text, description = _text } });
        var certificate = new { title = _text, issuer = _text, issue_date = "2026-01-01", certificate_url = $"https://example.org/{_text}" };
        await SendAsync(HttpMethod.Post, "/api/profiles/me/certificates", certificate);
        await UploadAsync(HttpMethod.Put, "/api/profiles/me/resume", Encoding.ASCII.GetBytes($"%PDF-1.7\n% {_text}\n%%EOF\n"), $"{_text}.pdf");

        await UploadAsync(HttpMethod.Put, "/api/users/me/image", Pixel, $"{_text}.png");

        var own = await PostJobAsync(_client, _text);
        await UploadAsync(HttpMethod.Post, $"/api/jobs/{own}/images", Pixel, $"{_text}.png");
        var others = await PostJobAsync(friend.Client, "Wanted");
        await SendAsync(HttpMethod.Post, $"/api/jobs/{others}/comments", new { content = _text });
        await SendAsync(HttpMethod.Put, $"/api/jobs/{others}/like", null);
        await Eventually.TrueAsync(async () => (await friend.PostAsync("/api/chats", new { user_id = Id })).IsSuccessStatusCode);
        var chat = await SendAsync(HttpMethod.Post, "/api/chats", new { user_id = friend.Id });
        await SendAsync(HttpMethod.Post, $"/api/chats/{chat}/messages", new { content = "This stays." });
        var (sent, _) = (await UploadAsync(HttpMethod.Post, "/api/attachments", Pixel, $"{_text}.png"), await UploadAsync(HttpMethod.Post, "/api/attachments", Pixel, $"{_text}.png"));
        await SendAsync(HttpMethod.Post, $"/api/chats/{chat}/messages", new { content = "This stays, without its picture.", attachment_ids = new[] { sent } });
        await SendAsync(HttpMethod.Post, "/api/groups", new { name = "Two", user_ids = new[] { friend.Id } });
        await SendAsync(HttpMethod.Post, "/api/wallet/transfers", new { to_user_id = friend.Id, amount = 5, reason = _text });
        using var back = await friend.PostAsync("/api/wallet/transfers", new { to_user_id = Id, amount = 1, reason = $"Thank you, {_firstName}" });
        Assert.Equal(HttpStatusCode.Created, back.StatusCode);
    }

    public Task DeleteAsync() => SendAsync(HttpMethod.Delete, "/api/users/me", new { password = ExplainoSystem.Password });

    // Letters and digits, so that no text search cuts it to a stem.
    private static string Word() => $"zq{Guid.CreateVersion7().ToString("n")[^12..]}";

    private static async Task<string?> PostJobAsync(HttpClient author, string text)
    {
        using var response = await author.PostAsJsonAsync("/api/jobs", new { title = text, description = text, tags = new[] { "trust" } });
        return (string?)(await response.ReadObjectAsync(HttpStatusCode.Created))["id"];
    }

    /// <summary>Gives the id of what was made.</summary>
    private async Task<string?> SendAsync(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
        using var response = await _client.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        var text = await response.Content.ReadAsStringAsync();
        return text.Length == 0 ? null : (string?)JsonNode.Parse(text)!["id"];
    }

    /// <summary>Gives the id of what was made.</summary>
    private async Task<string?> UploadAsync(HttpMethod method, string path, byte[] content, string fileName)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(content), "file", fileName } };
        using var request = new HttpRequestMessage(method, path) { Content = form };
        using var response = await _client.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        return (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["id"];
    }
}
