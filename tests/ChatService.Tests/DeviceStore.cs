using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

/// <summary>What a device keeps, by the rules of docs/chat-protocol.md; and what it lacks or has too much, compared with the server.</summary>
internal sealed class DeviceStore
{
    private readonly Dictionary<Guid, Stored> _conversations = [];

    public JsonNode? Unread { get; private set; }

    /// <summary>How many requests it took to have everything.</summary>
    public int Requests { get; private set; }

    public IReadOnlyCollection<JsonObject> MessagesOf(Guid conversation) => _conversations[conversation].Messages.Values;

    public async Task SyncAsync(HttpClient client)
    {
        for (var more = true; more; Requests++)
        {
            using var answer = await client.PostAsJsonAsync("/api/sync", new { known = Known() });
            more = Take(await answer.EnsureSuccessStatusCode().ReadObjectAsync());
        }
    }

    /// <summary>What a device says that it has.</summary>
    public IEnumerable<object> Known() => _conversations.Select(known => new
    {
        chat_id = known.Value.IsGroup ? (Guid?)null : known.Key,
        group_id = known.Value.IsGroup ? known.Key : (Guid?)null,
        seq = known.Value.Seq,
        change = known.Value.Change,
        revision = (string?)known.Value.Shown["revision"],
    });

    /// <returns>Whether there is more.</returns>
    public bool Take(JsonObject answer)
    {
        foreach (var conversation in answer["conversations"]!.AsArray().Select(item => item!.DeepClone().AsObject()))
        {
            var id = (Guid)conversation["id"]!;
            if (_conversations.TryGetValue(id, out var known))
            {
                known.Shown = conversation;
            }
            else
            {
                // What is new comes as it is: no change of before is left to tell.
                _conversations[id] = new() { IsGroup = conversation["peer"] is null, Shown = conversation, Change = (long)conversation["last_change"]! };
            }
        }

        foreach (var message in answer["messages"]!.AsArray().Select(item => item!.DeepClone().AsObject()))
        {
            var of = Of(message);
            Assert.Equal(of.Seq + 1, (long)message["seq"]!);
            of.Seq++;
            of.Put(message);
        }

        foreach (var message in answer["changed"]!.AsArray().Select(item => item!.DeepClone().AsObject()))
        {
            var of = Of(message);
            Assert.True((long)message["change"]! > of.Change);
            of.Change = (long)message["change"]!;
            of.Put(message);
        }

        foreach (var read in answer["read"]!.AsArray())
        {
            Of(read!).Read[(Guid)read!["user_id"]!] = (long)read["seq"]!;
        }

        foreach (var id in answer["gone"]!.AsArray())
        {
            _conversations.Remove((Guid)id!);
        }

        Unread = answer["unread"]!.DeepClone();
        return (bool)answer["more"]!;
    }

    /// <summary>As a client did that knew <c>after=</c> alone.</summary>
    public async Task SyncByAfterAloneAsync(HttpClient client)
    {
        foreach (var (id, isGroup, shown) in await ListedAsync(client))
        {
            var known = _conversations.TryGetValue(id, out var stored) ? stored : _conversations[id] = new() { IsGroup = isGroup };
            known.Shown = shown;
            var last = known.Messages.Count == 0 ? Guid.Empty : (Guid)known.Messages.Values.Last()["id"]!;
            foreach (var message in await PagesAsync(client, $"/api/{(isGroup ? "groups" : "chats")}/{id}/messages?limit=100&after={last}"))
            {
                known.Put(message);
            }
        }
    }

    /// <summary>What differs, one line each.</summary>
    public async Task<List<string>> DifferencesAsync(HttpClient client)
    {
        var differences = new List<string>();
        var listed = await ListedAsync(client);
        differences.AddRange(_conversations.Keys.Except(listed.Select(conversation => conversation.Id)).Select(id => $"{id} is too much"));
        foreach (var (id, isGroup, shown) in listed)
        {
            if (!_conversations.TryGetValue(id, out var known))
            {
                differences.Add($"{id} is missing");
                continue;
            }

            differences.AddRange(shown.Where(member => !JsonNode.DeepEquals(member.Value, known.Shown[member.Key]))
                .Select(member => $"{id}: {member.Key} is {known.Shown[member.Key]?.ToJsonString()}, not {member.Value?.ToJsonString()}"));
            var messages = await PagesAsync(client, $"/api/{(isGroup ? "groups" : "chats")}/{id}/messages?limit=100&after={Guid.Empty}");
            differences.AddRange(messages.Where(message => !JsonNode.DeepEquals(message, known.Messages.GetValueOrDefault((long)message["seq"]!)))
                .Select(message => $"{id}: message {message["seq"]} differs"));
            if (known.Messages.Count > messages.Count)
            {
                differences.Add($"{id}: {known.Messages.Count - messages.Count} messages too many");
            }

            if (!isGroup && (string?)shown["peer_read_up_to"] is { } readUpTo && known.Read.TryGetValue((Guid)shown["peer"]!["id"]!, out var seq) && (string?)known.Messages[seq]["id"] != readUpTo)
            {
                differences.Add($"{id}: the peer's marker differs");
            }
        }

        return differences;
    }

    private Stored Of(JsonNode part) => _conversations[(Guid)(part["chat_id"] ?? part["group_id"])!];

    private static async Task<List<(Guid Id, bool IsGroup, JsonObject Shown)>> ListedAsync(HttpClient client) =>
    [
        .. (await PagesAsync(client, "/api/chats?limit=100")).Select(chat => ((Guid)chat["id"]!, false, chat)),
        .. (await PagesAsync(client, "/api/groups?limit=100&participants=none")).Select(group => ((Guid)group["id"]!, true, group)),
    ];

    private static async Task<List<JsonObject>> PagesAsync(HttpClient client, string path)
    {
        var items = new List<JsonObject>();
        for (var next = path; next is not null;)
        {
            using var answer = await client.GetAsync(next);
            if (answer.StatusCode == HttpStatusCode.NotFound)
            {
                break; // Left since it was listed.
            }

            var page = await answer.ReadObjectAsync();
            items.AddRange(page["items"]!.AsArray().Select(item => item!.DeepClone().AsObject()));
            next = page["next_cursor"] is { } cursor ? $"{path}&cursor={cursor}" : null;
        }

        return items;
    }

    private sealed class Stored
    {
        public bool IsGroup { get; init; }

        public JsonObject Shown { get; set; } = [];

        public long Seq { get; set; }

        public long Change { get; set; }

        public SortedDictionary<long, JsonObject> Messages { get; } = [];

        public Dictionary<Guid, long> Read { get; } = [];

        public void Put(JsonObject message)
        {
            var seq = (long)message["seq"]!;
            if (!Messages.TryGetValue(seq, out var known) || ((long?)message["change"] ?? 0) >= ((long?)known["change"] ?? 0))
            {
                Messages[seq] = message;
            }
        }
    }
}
