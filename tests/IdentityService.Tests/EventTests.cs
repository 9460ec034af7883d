using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.IdentityService.Tests;

/// <summary>What is published is what docs/events promises to the other teams.</summary>
public sealed class EventTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    private static readonly string[] Names = ["user-created.v1", "user-updated.v1", "user-deleted.v1", "session-revoked.v1"];

    [Fact]
    public async Task The_life_of_a_user_is_published_as_documented()
    {
        var listeners = new Dictionary<string, PublishedEvents>();
        foreach (var name in Names)
        {
            listeners[name] = await PublishedEvents.ListenAsync(host.Environment.Broker, name);
        }

        var registration = IdentityHost.NewRegistration();
        registration["first_name"] = "Ada";
        registration["profile_image"] = "https://images.example.org/ada.png";
        var member = await host.RegisterAsync(registration);
        using var client = host.As(await host.LogInAsync(member));
        using var changed = await client.PatchAsJsonAsync("/api/users/me", new { bio = "Explains engines." });
        var user = await changed.ReadObjectAsync();

        // A deletion takes what is not yet published about the person with it.
        await listeners["user-updated.v1"].AboutAsync(member.Id);
        using var request = new HttpRequestMessage(HttpMethod.Delete, "/api/users/me") { Content = JsonContent.Create(new { password = member.Password }) };
        using var deleted = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);

        foreach (var (name, listener) in listeners)
        {
            var envelope = Assert.Single(await listener.AboutAsync(member.Id));
            AssertAsDocumented(name, envelope);
        }

        var created = (await listeners["user-created.v1"].AboutAsync(member.Id))[0]["message"]!.AsObject();
        Assert.Equal(member.Username, (string?)created["username"]);
        Assert.Equal("Ada", (string?)created["firstName"]);
        Assert.Null(created["bio"]);
        Assert.Equal(1, (long?)created["version"]);
        var updated = (await listeners["user-updated.v1"].AboutAsync(member.Id))[0]["message"]!.AsObject();
        Assert.Equal("Explains engines.", (string?)updated["bio"]);
        Assert.Equal(2, (long?)updated["version"]);
        Assert.Equal((DateTimeOffset?)user["updated_at"], Microseconds((DateTimeOffset)updated["updatedAt"]!));
        Assert.DoesNotContain(member.Email, created.ToJsonString() + updated.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_patch_that_changes_nothing_is_no_event()
    {
        var events = await PublishedEvents.ListenAsync(host.Environment.Broker, "user-updated.v1");
        var (member, client) = await host.SomebodyAsync();

        using var same = await client.PatchAsJsonAsync("/api/users/me", new { username = member.Username });
        using var other = await client.PatchAsJsonAsync("/api/users/me", new { first_name = "Ada" });

        var message = Assert.Single(await events.AboutAsync(member.Id));
        Assert.Equal(2, (long?)message["message"]!["version"]);
    }

    /// <summary>The document's members, all of them and no others, of the documented types; under the documented name.</summary>
    private static void AssertAsDocumented(string name, JsonObject envelope)
    {
        var document = EventDocuments.Document(name);
        var message = envelope["message"]!.AsObject();

        Assert.Equal((string?)document["x-message-urn"], ((string)Assert.Single(envelope["messageType"]!.AsArray())!).Replace("urn:message:", "", StringComparison.Ordinal));
        Assert.Equal(document["properties"]!.AsObject().Select(member => member.Key).Order(), message.Select(member => member.Key).Order());
        foreach (var (member, rule) in document["properties"]!.AsObject())
        {
            var value = message[member];
            var types = rule!["type"] is JsonArray several ? several.Select(type => (string?)type) : [(string?)rule["type"]];
            Assert.Contains(value is null ? "null" : value.GetValueKind() == System.Text.Json.JsonValueKind.Number ? "integer" : "string", types);
            switch ((string?)rule["format"])
            {
                case "uuid":
                    Assert.True(Guid.TryParse((string?)value, out _), $"{member} is no UUID.");
                    break;
                case "date-time":
                    Assert.Equal(TimeSpan.Zero, ((DateTimeOffset)value!).Offset);
                    break;
            }
        }
    }

    private static DateTimeOffset Microseconds(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));
}
