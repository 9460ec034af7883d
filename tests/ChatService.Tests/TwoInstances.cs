using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.ChatService.Tests;
using Explaino.Testing;

[assembly: AssemblyFixture(typeof(TwoInstances))]

namespace Explaino.ChatService.Tests;

/// <summary>Two instances of the service on one database and one broker, each behind a gateway, for all tests that stop neither: each test brings people of its own.</summary>
public sealed class TwoInstances : IAsyncLifetime
{
    /// <summary>Where pushes are put.</summary>
    public static readonly string PushFolder = Directory.CreateTempSubdirectory("explaino-push-").FullName;

    private static readonly TestUser Introducer = TestUser.New("introducer");
    private static readonly TestUser Outcast = TestUser.New("some.outcast");

    public ServiceEnvironment Environment { get; private set; } = null!;

    public ChatBehindGateway One { get; private set; } = null!;

    public ChatBehindGateway Other { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Environment = await ServiceEnvironment.CreateAsync(Service.Chat);
        One = new(Environment);
        Other = new(Environment);
        await One.InitializeAsync();
        await Other.InitializeAsync();
        await PublishCreatedAsync(Outcast);
        await Environment.Broker.PublishBlockAsync("user-blocked.v1", Introducer.Id, Outcast.Id, 1);
    }

    public async ValueTask DisposeAsync()
    {
        await One.DisposeAsync();
        await Other.DisposeAsync();
        await Environment.DisposeAsync();
        Directory.Delete(ChatBehindGateway.Files, recursive: true);
        Directory.Delete(PushFolder, recursive: true);
    }

    /// <summary>The settings of a further instance, in a process of its own.</summary>
    public IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(Environment.Settings.Concat(ChatBehindGateway.Settings));

    /// <summary>People whom the service knows, from Identity's events.</summary>
    public async Task<TestUser[]> PeopleAsync(int count)
    {
        var people = Enumerable.Range(0, count).Select(number => TestUser.New($"person.{number}")).ToArray();
        await Task.WhenAll(people.Select(PublishCreatedAsync));
        await KnownAsync(people);
        return people;
    }

    public async Task<(TestUser, TestUser)> PairAsync() => await PeopleAsync(2) is [var ada, var bob] ? (ada, bob) : throw new InvalidOperationException();

    /// <summary>Somebody in a chat with somebody else.</summary>
    public async Task<(HttpClient Client, Guid ChatId)> ChatAsync()
    {
        var (ada, bob) = await PairAsync();
        var client = One.As(ada);
        return (client, await client.StartChatAsync(bob));
    }

    public Task PublishCreatedAsync(TestUser person) => Environment.PublishCreatedAsync(person);

    public async Task DeleteAsync(TestUser person)
    {
        var deleted = EventDocuments.Example("user-deleted.v1");
        deleted["userId"] = person.Id;
        await Environment.Broker.PublishAsync("user-deleted.v1", deleted);
    }

    /// <summary>Who is not known yet is refused before who is blocked: asked so, it leaves no trace.</summary>
    public Task KnownAsync(IEnumerable<TestUser> people) => Eventually.TrueAsync(async () =>
    {
        using var introducer = One.As(Introducer);
        using var answer = await introducer.PostAsJsonAsync("/api/groups", new { name = "introduction", user_ids = people.Append(Outcast).Select(person => person.Id) });
        return answer.StatusCode == HttpStatusCode.Conflict;
    });

    public Task<HubClient> ConnectAsync(TestUser user, bool toOther = false) => ConnectAsync(toOther ? Other : One, user);

    public static async Task<HubClient> ConnectAsync(ServiceHost<Program> host, TestUser user, string query = "") =>
        await HubClient.ConnectAsync(host.Address, host.Environment.Issuer.Issue(user), query);
}

/// <summary>What people do with each other, in words.</summary>
public static class Talking
{
    /// <summary>As Identity tells of somebody.</summary>
    public static Task PublishCreatedAsync(this ServiceEnvironment environment, TestUser person)
    {
        var created = EventDocuments.Example("user-created.v1");
        created["userId"] = person.Id;
        created["username"] = person.Username;
        return environment.Broker.PublishAsync("user-created.v1", created);
    }

    public static async Task<Guid> StartChatAsync(this HttpClient client, TestUser peer)
    {
        using var answer = await client.PostAsJsonAsync("/api/chats", new { user_id = peer.Id });
        return (Guid)(await answer.ReadObjectAsync(answer.StatusCode == HttpStatusCode.OK ? HttpStatusCode.OK : HttpStatusCode.Created))["id"]!;
    }

    public static async Task<Guid> StartGroupAsync(this HttpClient client, params TestUser[] others)
    {
        using var answer = await client.PostAsJsonAsync("/api/groups", new { name = "A group", user_ids = others.Select(other => other.Id) });
        return (Guid)(await answer.ReadObjectAsync(HttpStatusCode.Created))["id"]!;
    }

    public static async Task<JsonObject> SayAsync(this HttpClient client, string conversation, string content, Guid? clientMessageId = null)
    {
        using var answer = await client.PostAsJsonAsync($"/api/{conversation}/messages", new { content, client_message_id = clientMessageId });
        return await answer.ReadObjectAsync(HttpStatusCode.Created);
    }

    public static async Task ReadAsync(this HttpClient client, string conversation, JsonNode message)
    {
        using var answer = await client.PutAsJsonAsync($"/api/{conversation}/read", new { message_id = (Guid)message["id"]! });
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    /// <summary>Waits for so many notifications, and reads them all.</summary>
    public static async Task ReadNotificationsAsync(this HttpClient client, int count)
    {
        await Eventually.TrueAsync(async () => (await client.ListAsync("/api/notifications?unread=true")).Count == count);
        using var answer = await client.PutAsJsonAsync("/api/notifications/read", new { up_to_seq = 1_000 });
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    public static async Task<IReadOnlyList<JsonObject>> ListAsync(this HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        return await answer.ReadItemsAsync();
    }

    public static async Task<JsonObject> FindInListAsync(this HttpClient client, string list, Guid id) =>
        (await client.ListAsync($"/api/{list}?limit=100")).Single(item => (Guid)item["id"]! == id);

    public static List<long> Seqs(this IEnumerable<JsonObject> messages) => [.. messages.Select(message => (long)message["seq"]!)];
}
