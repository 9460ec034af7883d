using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.Security.Tests.Authorization;

/// <summary>Actors of one row of the authorization matrix, and what they own. Each row has its own, so that what one row destroys no other row misses.</summary>
public sealed class TestActors(SecuritySystem system)
{
    private static int _number;
    private readonly Dictionary<Who, Member> _people = [];
    private readonly HashSet<Who> _known = [];

    public SecuritySystem System => system;

    /// <summary>Who is about to ask; the owner where nobody signed in does.</summary>
    public Who Caller { get; set; }

    public Task<Member> Owner => this[Who.Owner];

    public Task<Member> Me => this[Caller == Who.Nobody ? Who.Owner : Caller];

    public Task<Member> this[Who who] => FindAsync(who);

    /// <summary>Never the same twice.</summary>
    public static string Name(string prefix) => $"{prefix} {Interlocked.Increment(ref _number)}";

    /// <summary>Somebody new whom every service knows that is going to be asked about them.</summary>
    public async Task<Member> NewcomerAsync() => await KnownAsync(await system.RegisterAsync());

    public async Task<JsonObject> PostAsync(Who who, string path, object body) => await PostAsync((await this[who]).Client, path, body);

    /// <summary>As the system's own admin, who is not in the matrix.</summary>
    public async Task<JsonObject> PostAsAdminAsync(string path, object body) => await PostAsync((await system.AdminAsync()).Client, path, body);

    /// <summary>The row's person, once the other services have heard of them; nobody's is a bystander, who never asks.</summary>
    public async Task<Member> KnownOnceAsync(Who who)
    {
        var person = await this[who];
        return _known.Add(who) ? await KnownAsync(person) : person;
    }

    private async Task<Member> FindAsync(Who who)
    {
        if (!_people.TryGetValue(who, out var person))
        {
            person = await system.RegisterAsync();
            _people[who] = person = who == Who.Admin ? await PromoteAsync(person) : person;
        }

        return person;
    }

    private async Task<Member> PromoteAsync(Member person)
    {
        using var promoted = await (await system.AdminAsync()).Client.PutAsync($"/api/users/{person.Id}/roles/admin", null);
        Assert.Equal(HttpStatusCode.NoContent, promoted.StatusCode);
        return await system.SignInAsync(person);
    }

    /// <summary>Once Chat and Wallet have heard of the person.</summary>
    private async Task<Member> KnownAsync(Member person)
    {
        var admin = await system.AdminAsync();
        await person.WalletAsync(TimeSpan.FromSeconds(20));
        await Eventually.TrueAsync(
            async () => (await admin.Client.PostAsJsonAsync("/api/chats", new { user_id = person.Id })).IsSuccessStatusCode, TimeSpan.FromSeconds(20));
        return person;
    }

    private static async Task<JsonObject> PostAsync(HttpClient client, string path, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body as HttpContent ?? JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
        using var response = await client.SendAsync(request);
        var answer = await response.ReadObjectAsync(HttpStatusCode.Created);
        return answer;
    }
}
