using Explaino.Testing;

namespace Explaino.ProfileService.Tests;

/// <summary>Items of collections that have nothing but a name.</summary>
internal static class ListedNames
{
    public static object[] Of(params IEnumerable<string> names) => [.. names.Select(name => new { name })];

    public static IEnumerable<string> Numbers(int count) => Enumerable.Range(0, count).Select(number => $"{number}");

    public static async Task<IEnumerable<string?>> ReadAsync(HttpClient client, TestUser user, string collection) =>
        (await (await client.GetAsync($"/api/profiles/{user.Id}/{collection}")).ReadItemsAsync()).Select(item => (string?)item["name"]);
}
