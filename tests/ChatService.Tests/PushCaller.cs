using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

/// <summary>A chat or a group of the push model.</summary>
internal sealed record Talk(string Path, Guid Id, TestUser[] Members)
{
    public bool IsGroup => Path.StartsWith("/api/groups", StringComparison.Ordinal);
}

/// <summary>People's calls, to any of several instances, which may be gone at the moment.</summary>
internal sealed class PushCaller(KeyIssuer issuer) : IDisposable
{
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(30) };

    public IReadOnlyList<Uri> Addresses { get; set; } = [];

    public async Task<UnreadState> UnreadAsync(TestUser person)
    {
        var latest = new Dictionary<Guid, long>();
        foreach (var list in new[] { "chats", "groups" })
        {
            var listed = (await ReadAsync(person, $"/api/{list}?limit=100"))!["items"]!.AsArray();
            foreach (var id in listed.Where(conversation => (long)conversation!["unread_count"]! > 0).Select(conversation => (Guid)conversation!["id"]!))
            {
                latest[id] = await LatestOfOthersAsync(person, $"/api/{list}/{id}");
            }
        }

        return new((long)(await ReadAsync(person, "/api/unread"))!["badge"]!, latest);
    }

    public Task<JsonObject?> ReadAsync(TestUser person, string path) => CallAsync(HttpMethod.Get, person, path);

    /// <returns>What was answered, empty where that is nothing; null if it was refused, or nobody answered.</returns>
    public async Task<JsonObject?> CallAsync(HttpMethod method, TestUser person, string path, object? body = null)
    {
        var addresses = Addresses;
        using var request = new HttpRequestMessage(method, new Uri(addresses[Random.Shared.Next(addresses.Count)], path));
        request.Headers.Authorization = new("Bearer", issuer.Issue(person));
        request.Content = body is null ? null : JsonContent.Create(body);
        try
        {
            using var answer = await _client.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            return !answer.IsSuccessStatusCode ? null : text.Length == 0 ? [] : JsonNode.Parse(text)!.AsObject();
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
        {
            return null;
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<long> LatestOfOthersAsync(TestUser person, string path)
    {
        var messages = (await ReadAsync(person, $"{path}/messages?limit=100"))!["items"]!.AsArray();
        return (long)messages.First(message => (Guid)message!["sender_id"]! != person.Id && message["deleted_at"] is null)!["seq"]!;
    }
}
