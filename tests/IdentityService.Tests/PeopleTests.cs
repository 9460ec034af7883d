using System.Text.Json.Nodes;

namespace Explaino.IdentityService.Tests;

/// <summary>What other services are told of people when they hold their copies against Identity: everybody, as they are now.</summary>
public sealed class PeopleTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task Everybody_is_listed_by_id_with_the_members_that_are_copied()
    {
        var first = await host.RegisterAsync();
        var second = await host.RegisterAsync();
        using var anyone = host.Anonymous();

        var everybody = await PeopleAsync(anyone, Guid.Empty);
        var later = await PeopleAsync(anyone, first.Id);
        var none = await PeopleAsync(anyone, second.Id);

        Assert.Equal([first.Id, second.Id], everybody.Select(person => (Guid)person["user_id"]!).Where(id => id == first.Id || id == second.Id));
        Assert.DoesNotContain(later, person => (Guid)person["user_id"]! == first.Id);
        Assert.Equal(
            ["bio", "created_at", "first_name", "last_name", "profile_image", "user_id", "username", "version"],
            later.Single(person => (Guid)person["user_id"]! == second.Id).Select(member => member.Key).Order(StringComparer.Ordinal));
        Assert.Empty(none);
    }

    private static async Task<IReadOnlyList<JsonObject>> PeopleAsync(HttpClient client, Guid after) =>
        [.. JsonNode.Parse(await client.GetStringAsync($"/internal/people?after={after}"))!.AsArray().Select(person => person!.AsObject())];
}
