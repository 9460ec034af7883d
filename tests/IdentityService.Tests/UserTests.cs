using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Explaino.Testing;

namespace Explaino.IdentityService.Tests;

public sealed class UserTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task A_patch_changes_what_it_names_and_clears_what_it_nulls()
    {
        var registration = IdentityHost.NewRegistration();
        registration["first_name"] = "Ada";
        registration["bio"] = "Old";
        var member = await host.RegisterAsync(registration);
        using var client = host.As(await host.LogInAsync(member));
        var events = await PublishedEvents.ListenAsync(host.Environment.Broker, "user-updated.v1");

        using var response = await client.PatchAsJsonAsync("/api/users/me", new { last_name = " Lovelace ", bio = (string?)null, phone_number = "4915100000077" });

        var user = await response.ReadObjectAsync();
        Assert.Equal("Ada", (string?)user["first_name"]);
        Assert.Equal("Lovelace", (string?)user["last_name"]);
        Assert.Null(user["bio"]);
        Assert.Equal("+4915100000077", (string?)user["phone_number"]);
        var message = Assert.Single(await events.AboutAsync(member.Id))["message"]!;
        Assert.Equal(2, (long?)message["version"]);
        Assert.Equal("Lovelace", (string?)message["lastName"]);
    }

    [Fact]
    public async Task A_merge_patch_is_accepted_as_what_it_is()
    {
        var (_, client) = await host.SomebodyAsync();
        using var patch = new StringContent("""{"first_name":"Ada"}""", Encoding.UTF8, "application/merge-patch+json");

        using var response = await client.PatchAsync("/api/users/me", patch);

        Assert.Equal("Ada", (string?)(await response.ReadObjectAsync())["first_name"]);
    }

    [Theory]
    [InlineData("""{"username":null}""", "username")]
    [InlineData("""{"username":"x","first_name":"Ada"}""", "username")]
    [InlineData("""{"first_name":5}""", "first_name")]
    [InlineData("""{"phone_number":"0"}""", "phone_number")]
    [InlineData("""{"profile_image":"javascript:alert(1)"}""", "profile_image")]
    public async Task A_bad_patch_changes_nothing(string body, string member)
    {
        var (_, client) = await host.SomebodyAsync();
        var before = await client.GetObjectAsync("/api/users/me");

        using var response = await client.PatchAsync("/api/users/me", new StringContent(body, Encoding.UTF8, "application/json"));

        await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", member);
        Assert.Equal(before.ToJsonString(), (await client.GetObjectAsync("/api/users/me")).ToJsonString());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"unknown":1}""")]
    [InlineData("""{"first_name":" Ada ","phone_number":"4915100000078","bio":"One\r\nTwo"}""")]
    public async Task A_patch_that_says_nothing_new_changes_nothing(string body)
    {
        var registration = IdentityHost.NewRegistration();
        (registration["first_name"], registration["bio"]) = ("Ada", "One\nTwo");
        var member = await host.RegisterAsync(registration);
        using var client = host.As(await host.LogInAsync(member));
        var events = await PublishedEvents.ListenAsync(host.Environment.Broker, "user-updated.v1");
        var (isNumbered, changes) = body.Contains("phone", StringComparison.Ordinal) ? (true, 2) : (false, 1);
        using var numbered = await client.PatchAsJsonAsync("/api/users/me", new { phone_number = isNumbered ? "+4915100000078" : null });
        using var before = await client.GetAsync("/api/users/me");
        host.Clock.Advance(TimeSpan.FromSeconds(2));

        using var response = await client.PatchAsync("/api/users/me", new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.Equal(await before.Content.ReadAsStringAsync(), await response.Content.ReadAsStringAsync());
        using var after = await client.GetAsync("/api/users/me");
        Assert.Equal(before.Headers.ETag, after.Headers.ETag);
        using var renamed = await client.PatchAsJsonAsync("/api/users/me", new { last_name = "Lovelace" });

        // One person's events come in their order.
        await events.AllAsync(message => (Guid?)message["userId"] == member.Id && (string?)message["lastName"] == "Lovelace");
        Assert.Equal(changes, (await events.AboutAsync(member.Id)).Count);
    }

    [Fact]
    public async Task Patches_of_different_members_at_once_are_all_kept()
    {
        var (_, client) = await host.SomebodyAsync();
        (string Member, string Value)[] changes = [("first_name", "Ada"), ("last_name", "Lovelace"), ("bio", "Explains."), ("profile_image", "https://example.org/a.png")];

        await Task.WhenAll(changes.Select(change => client.PatchAsJsonAsync("/api/users/me", new Dictionary<string, string> { [change.Member] = change.Value })));

        var user = await client.GetObjectAsync("/api/users/me");
        Assert.All(changes, change => Assert.Equal(change.Value, (string?)user[change.Member]));
    }

    [Fact]
    public async Task A_patch_to_a_taken_username_is_a_conflict()
    {
        var other = await host.RegisterAsync();
        var (_, client) = await host.SomebodyAsync();

        using var response = await client.PatchAsJsonAsync("/api/users/me", new { username = other.Username.ToUpperInvariant() });

        await response.IsProblemAsync(HttpStatusCode.Conflict, "already_taken", "username");
    }

    [Fact]
    public async Task A_phone_number_is_tried_five_times_a_day_whoever_has_it()
    {
        var taken = IdentityHost.NewRegistration();
        taken["phone_number"] = "+491510000000";
        await host.RegisterAsync(taken);
        var (member, client) = await host.SomebodyAsync();
        for (var i = 0; i < 5; i++)
        {
            using var tried = await client.PatchAsJsonAsync("/api/users/me", new { phone_number = i % 2 == 0 ? "+491510000000" : $"+49151000001{i}" });
            Assert.Equal(i % 2 == 0 ? HttpStatusCode.Conflict : HttpStatusCode.OK, tried.StatusCode);
        }

        using var refused = await client.PatchAsJsonAsync("/api/users/me", new { phone_number = "+491510000000" });

        await refused.IsProblemAsync(HttpStatusCode.TooManyRequests, "too_many_phone_numbers");
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalHours, 23, 24);
        using var cleared = await client.PatchAsJsonAsync("/api/users/me", new { phone_number = (string?)null, first_name = "Ada" });
        Assert.Equal(HttpStatusCode.OK, cleared.StatusCode);
        host.Clock.Advance(TimeSpan.FromDays(1));
        using var nextDay = host.As(await host.LogInAsync(member));
        using var tomorrow = await nextDay.PatchAsJsonAsync("/api/users/me", new { phone_number = "+491510000019" });
        Assert.Equal(HttpStatusCode.OK, tomorrow.StatusCode);
    }

    [Fact]
    public async Task Ones_own_username_may_change_its_case()
    {
        var (member, client) = await host.SomebodyAsync();

        using var response = await client.PatchAsJsonAsync("/api/users/me", new { username = member.Username.ToUpperInvariant() });

        Assert.Equal(member.Username.ToUpperInvariant(), (string?)(await response.ReadObjectAsync())["username"]);
    }

    [Fact]
    public async Task Of_two_patches_of_the_same_version_the_second_is_refused()
    {
        var (_, client) = await host.SomebodyAsync();
        using var first = await client.GetAsync("/api/users/me");
        var tag = first.Headers.ETag!;

        var responses = await Task.WhenAll(Enumerable.Range(0, 5).Select(index => PatchIfAsync(client, tag, $"Name {index}")));

        Assert.Single(responses, response => response.StatusCode == HttpStatusCode.OK);
        await responses.First(response => response.StatusCode != HttpStatusCode.OK).IsProblemAsync(HttpStatusCode.PreconditionFailed, "precondition_failed");
        using var conditional = new HttpRequestMessage(HttpMethod.Get, "/api/users/me");
        conditional.Headers.IfNoneMatch.Add(tag);
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(conditional)).StatusCode);
    }

    [Fact]
    public async Task A_patch_does_not_fail_by_what_it_cannot_change()
    {
        var (member, client) = await host.SomebodyAsync();
        using var seen = await client.GetAsync("/api/users/me");
        using var sent = await client.PostAsync("/api/auth/email/send-code", null);
        var code = await host.ReadCodeAsync(member.Email);
        using var verified = await client.PostAsJsonAsync("/api/auth/email/verify", new { code });
        Assert.Equal(HttpStatusCode.NoContent, verified.StatusCode);

        using var response = await PatchIfAsync(client, seen.Headers.ETag!, "Ada");

        Assert.Equal("Ada", (string?)(await response.ReadObjectAsync())["first_name"]);
    }

    [Fact]
    public async Task What_is_unchanged_is_not_sent_again()
    {
        var (member, client) = await host.SomebodyAsync();
        using var first = await client.GetAsync($"/api/users/{member.Id}");
        using var again = new HttpRequestMessage(HttpMethod.Get, $"/api/users/{member.Id}");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var response = await client.SendAsync(again);

        Assert.Equal(HttpStatusCode.NotModified, response.StatusCode);
    }

    [Fact]
    public async Task Others_see_only_what_is_public()
    {
        var member = await host.RegisterAsync();
        var (_, client) = await host.SomebodyAsync();

        var user = await client.GetObjectAsync($"/api/users/{member.Id}");

        Assert.Equal("id,username,first_name,last_name,bio,profile_image,created_at", string.Join(',', user.Select(field => field.Key)));
        using var unknown = await client.GetAsync($"/api/users/{Guid.CreateVersion7()}");
        await unknown.IsProblemAsync(HttpStatusCode.NotFound, "user_not_found");
        using var malformed = await client.GetAsync("/api/users/not-an-id");
        await malformed.IsProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    private static async Task<HttpResponseMessage> PatchIfAsync(HttpClient client, EntityTagHeaderValue tag, string firstName)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, "/api/users/me") { Content = JsonContent.Create(new { first_name = firstName }) };
        request.Headers.IfMatch.Add(tag);
        return await client.SendAsync(request);
    }
}
