using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing.Documents;

namespace Explaino.Testing;

/// <summary>The people of a whole system, who speak to its gateway, whoever started it.</summary>
public abstract class GatewayUsers
{
    public const string Password = "correct horse battery";

    private static int _people;

    public abstract HttpClient Gateway { get; }

    /// <summary>Somebody without a token, whose answers are held against all documents.</summary>
    protected static HttpClient ClientOf(Uri gateway)
    {
        var documents = Service.WithDatabase.Select(service => new Uri(gateway, $"/openapi/{service.Name}.json"));
        return new(new ResponseValidation("gateway", [.. documents])) { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <summary>Registers somebody new and signs them in.</summary>
    public async Task<Member> RegisterAsync()
    {
        var number = Interlocked.Increment(ref _people);
        var email = $"person{number}@example.org";
        var username = $"person{number:D6}";
        using var registered = await Gateway.PostAsJsonAsync("/api/auth/register", new { email, username, password = Password, first_name = "Ada" });
        var user = await registered.ReadObjectAsync(HttpStatusCode.Created);
        return await SignInAsync(email, Password, Guid.Parse((string)user["id"]!), username);
    }

    /// <summary>The same person with a session of its own, and the roles they have now.</summary>
    public Task<Member> SignInAsync(Member member) => SignInAsync(member.Email, Password, member.Id, member.Username);

    public Task<Member> SignInAsAdminAsync() => SignInAsync("admin@explaino.local", "Admin-Passw0rd!", Guid.Empty, "admin");

    private async Task<Member> SignInAsync(string email, string password, Guid id, string username)
    {
        using var response = await Gateway.PostAsJsonAsync("/api/auth/token", new { email, password });
        var pair = await response.ReadObjectAsync();
        var client = ClientOf(Gateway.BaseAddress!);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string)pair["access_token"]!);
        return new Member(id, email, username, (string)pair["refresh_token"]!, client);
    }
}

/// <summary>Somebody who is signed in through the gateway.</summary>
public sealed record Member(Guid Id, string Email, string Username, string RefreshToken, HttpClient Client)
{
    /// <summary>The wallet, once it is there.</summary>
    public Task<JsonObject> WalletAsync(TimeSpan? timeout = null) => Eventually.GetAsync(
        async () =>
        {
            using var response = await Client.GetAsync("/api/wallet");
            return response.StatusCode == HttpStatusCode.NotFound ? null : await response.ReadObjectAsync();
        },
        timeout ?? TimeSpan.FromSeconds(2));

    public async Task<HttpResponseMessage> PostAsync(string path, object body, Guid? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", (idempotencyKey ?? Guid.CreateVersion7()).ToString());
        return await Client.SendAsync(request);
    }
}
