using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;
using Microsoft.AspNetCore.WebUtilities;

namespace Explaino.ChatService.Tests;

/// <summary>Installations that can be woken: whose they are, with which token, and until when.</summary>
public sealed class DeviceTests(TwoInstances chat)
{
    private readonly Guid _device = Guid.CreateVersion7();

    [Fact]
    public async Task A_device_is_registered_changed_listed_and_removed_and_its_token_is_never_told()
    {
        var user = TestUser.New();
        using var client = chat.One.As(user);
        using var elsewhere = chat.Other.As(user);
        var token = Token();

        using var put = await client.PutAsJsonAsync(Path, new { platform = "android", provider = "fcm", token });
        var first = await put.ReadObjectAsync();
        using var again = await elsewhere.PutAsJsonAsync(Path, new { platform = "android", provider = "fcm", token, locale = "pt-BR", preview = "full", sandbox = true });
        var changed = await again.ReadObjectAsync();
        using var list = await elsewhere.GetAsync("/api/devices");
        var text = await list.Content.ReadAsStringAsync();
        using var removed = await client.DeleteAsync(Path);
        using var gone = await client.DeleteAsync(Path);

        Assert.Equal(["device_id", "platform", "provider", "locale", "preview", "sandbox", "created_at", "updated_at"], first.Select(member => member.Key));
        Assert.Equal((_device, "android", "fcm", "sender", false), ((Guid)first["device_id"]!, (string?)first["platform"], (string?)first["provider"], (string?)first["preview"], (bool)first["sandbox"]!));
        Assert.Equal(("pt-BR", "full", true), ((string?)changed["locale"], (string?)changed["preview"], (bool)changed["sandbox"]!));
        Assert.Equal((string?)first["created_at"], (string?)changed["created_at"]);
        Assert.True(JsonNode.DeepEquals(changed, Assert.Single(JsonNode.Parse(text)!["items"]!.AsArray())));
        Assert.DoesNotContain(token, text + first.ToJsonString() + changed.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        await gone.IsProblemAsync(HttpStatusCode.NotFound, "device_not_found");
    }

    [Fact]
    public async Task A_token_has_one_device_and_a_device_has_one_person()
    {
        var (ada, bob) = (TestUser.New(), TestUser.New());
        using var asAda = chat.One.As(ada);
        using var asBob = chat.Other.As(bob);
        var (token, later) = (Token(), Guid.CreateVersion7());
        await RegisterAsync(asAda, _device, token);

        // The same app, installed anew.
        await RegisterAsync(asAda, later, token);
        var moved = await asAda.ListAsync("/api/devices");
        // The same installation, another account.
        await RegisterAsync(asBob, later, token);
        using var foreign = await asAda.DeleteAsync($"/api/devices/{later}");

        Assert.Equal([later], moved.Select(device => (Guid)device["device_id"]!));
        Assert.Empty(await asAda.ListAsync("/api/devices"));
        Assert.Equal([later], (await asBob.ListAsync("/api/devices")).Select(device => (Guid)device["device_id"]!));
        await foreign.IsProblemAsync(HttpStatusCode.NotFound, "device_not_found");
    }

    [Fact]
    public async Task Of_many_who_bring_one_token_at_once_one_has_it()
    {
        var people = Enumerable.Range(0, 8).Select(_ => TestUser.New()).ToList();
        var token = Token();

        await Task.WhenAll(Enumerable.Range(0, 40).Select(async number =>
        {
            using var client = (number % 2 == 0 ? chat.One : chat.Other).As(people[number % people.Count]);
            await RegisterAsync(client, Guid.CreateVersion7(), token);
        }));

        var found = await Task.WhenAll(people.Select(async person =>
        {
            using var client = chat.One.As(person);
            return (await client.ListAsync("/api/devices")).Count;
        }));
        Assert.Equal(1, found.Sum());
    }

    [Fact]
    public async Task A_device_ends_with_its_session_and_none_begins_in_one_that_has_ended()
    {
        var user = TestUser.New();
        var otherSession = user with { SessionId = Guid.CreateVersion7() };
        using var client = chat.One.As(user);
        using var other = chat.One.As(otherSession);
        await RegisterAsync(client, _device, Token());
        await RegisterAsync(other, Guid.CreateVersion7(), Token());

        var revoked = EventDocuments.Example("session-revoked.v1");
        revoked["sessionId"] = user.SessionId;
        revoked["userId"] = user.Id;
        revoked["expiresAt"] = TimeProvider.System.GetUtcNow().AddMinutes(15).ToString("O");
        await chat.Environment.Broker.PublishAsync("session-revoked.v1", revoked);

        await Eventually.TrueAsync(async () => (await other.ListAsync("/api/devices")).Count == 1);
        using var late = await client.PutAsJsonAsync(Path, new { platform = "ios", provider = "relay", token = Token() });
        await late.IsProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task Of_more_than_fifty_devices_the_longest_unheard_of_go_and_the_list_is_read_page_by_page()
    {
        using var client = chat.One.As(TestUser.New());
        var ids = Enumerable.Range(0, 52).Select(_ => Guid.CreateVersion7()).ToList();
        foreach (var id in ids)
        {
            await RegisterAsync(client, id, Token());
        }

        var found = new List<Guid>();
        for (var next = "/api/devices?limit=20"; next is not null;)
        {
            var page = await client.GetObjectAsync(next);
            found.AddRange(page["items"]!.AsArray().Select(device => (Guid)device!["device_id"]!));
            next = page["next_cursor"] is { } cursor ? $"/api/devices?limit=20&cursor={cursor}" : null;
        }

        Assert.Equal(ids[2..].OrderBy(id => id.ToString(), StringComparer.Ordinal), found);
    }

    [Fact]
    public async Task A_deleted_person_has_no_devices()
    {
        var (ada, _) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        await RegisterAsync(asAda, _device, Token());

        await chat.DeleteAsync(ada);

        await Eventually.TrueAsync(async () => (await asAda.ListAsync("/api/devices")).Count == 0);
        using var late = await asAda.PutAsJsonAsync(Path, new { platform = "ios", provider = "relay", token = Token() });
        await late.IsProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task A_browser_registers_its_subscription()
    {
        using var client = chat.One.As(TestUser.New());

        using var answer = await client.PutAsJsonAsync(Path, new { platform = "web", provider = "webpush", token = Subscription("https://push.example/abc") });

        Assert.Equal("webpush", (string?)(await answer.ReadObjectAsync())["provider"]);
    }

    [Theory]
    [InlineData("""{"provider":"fcm","token":"x"}""", "platform")]
    [InlineData("""{"platform":"ios","token":"x"}""", "provider")]
    [InlineData("""{"platform":"ios","provider":"apns"}""", "token")]
    [InlineData("""{"platform":"ios","provider":"apns","token":""}""", "token")]
    [InlineData("""{"platform":"ios","provider":"apns","token":"../../etc/passwd"}""", "token")]
    [InlineData("""{"platform":"android","provider":"fcm","token":"with space"}""", "token")]
    [InlineData("""{"platform":"web","provider":"webpush","token":"no subscription"}""", "token")]
    [InlineData("""{"platform":"phone","provider":"fcm","token":"x"}""", "platform")]
    [InlineData("""{"platform":"ios","provider":"pigeon","token":"x"}""", "provider")]
    [InlineData("""{"platform":"ios","provider":"fcm","token":"x","preview":"some"}""", "preview")]
    [InlineData("""{"platform":"ios","provider":"fcm","token":"x","locale":"in German"}""", "locale")]
    public async Task A_bad_device_is_refused(string body, string member)
    {
        using var client = chat.One.As(TestUser.New());
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        using var answer = await client.PutAsync(Path, content);

        await answer.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", member);
    }

    [Theory]
    [InlineData("http://push.example/abc")]
    [InlineData("https://127.0.0.1/abc")]
    [InlineData("https://[::1]/abc")]
    [InlineData("https://somebody@push.example/abc")]
    [InlineData("file:///etc/passwd")]
    public async Task A_subscription_elsewhere_than_on_the_open_web_is_refused(string endpoint)
    {
        using var client = chat.One.As(TestUser.New());

        using var answer = await client.PutAsJsonAsync(Path, new { platform = "web", provider = "webpush", token = Subscription(endpoint) });

        await answer.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "token");
    }

    private string Path => $"/api/devices/{_device}";

    private static string Token() => Convert.ToHexString(RandomNumberGenerator.GetBytes(32));

    private static string Subscription(string endpoint)
    {
        using var key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var point = key.PublicKey.ExportParameters().Q;
        byte[] publicKey = [4, .. point.X!, .. point.Y!];
        return JsonSerializer.Serialize(new
        {
            endpoint,
            expirationTime = (long?)null,
            keys = new { p256dh = WebEncoders.Base64UrlEncode(publicKey), auth = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(16)) },
        });
    }

    private static async Task RegisterAsync(HttpClient client, Guid id, string token)
    {
        using var answer = await client.PutAsJsonAsync($"/api/devices/{id}", new { platform = "android", provider = "fcm", token });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
