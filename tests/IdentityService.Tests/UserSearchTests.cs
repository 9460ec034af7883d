using System.Net;
using System.Net.Http.Json;
using Explaino.Testing;

namespace Explaino.IdentityService.Tests;

public sealed class UserSearchTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task A_search_finds_the_start_of_each_name_in_any_case_and_takes_wildcards_literally()
    {
        var byUsername = await RegisterAsync("zephyr.one", null, null);
        var byFirstName = await RegisterAsync("somebody.two", "ZEPHYRINE", null);
        var byLastName = await RegisterAsync("another.three", null, "Zephyrus 100%_");
        var (_, client) = await host.SomebodyAsync();

        Assert.Equal([byLastName, byFirstName, byUsername], await FindAsync(client, "q=zEphYr"));
        Assert.Equal([byLastName], await FindAsync(client, $"q={Uri.EscapeDataString("zephyrus 100%_")}"));
        Assert.Empty(await FindAsync(client, "q=%25"));
        Assert.Empty(await FindAsync(client, "q=ephyr"));
    }

    [Theory]
    [MemberData(nameof(SearchVariants.Found), MemberType = typeof(SearchVariants))]
    public async Task A_name_is_found_by(string text, string words)
    {
        var (id, found) = await FindByLastNameAsync(text, words);

        Assert.Contains(id, found);
    }

    [Theory]
    [MemberData(nameof(SearchVariants.Apart), MemberType = typeof(SearchVariants))]
    public async Task A_name_is_not_found_by(string text, string words)
    {
        var (id, found) = await FindByLastNameAsync(text, words);

        Assert.DoesNotContain(id, found);
    }

    [Fact]
    public async Task All_words_of_a_search_begin_one_of_the_names()
    {
        var id = await RegisterAsync("quillfeather", "Wilhelmina", "Zumsteg");
        var (_, client) = await host.SomebodyAsync();

        Assert.Equal([id], await FindAsync(client, "q=zums+wilh"));
        Assert.Equal([id], await FindAsync(client, "q=quill+zum"));
        Assert.Empty(await FindAsync(client, "q=zums+other"));
    }

    [Fact]
    public async Task Users_from_before_are_found_when_the_migration_has_run()
    {
        var id = await RegisterAsync("zymurgist", null, null);
        var (_, client) = await host.SomebodyAsync();
        await host.Environment.UndoAsync("FillTextSearch", "UPDATE users SET words = NULL");
        Assert.Empty(await FindAsync(client, "q=zymurgist"));

        await host.Environment.MigrateAsync();

        Assert.Equal([id], await FindAsync(client, "q=zymurgist"));
    }

    [Fact]
    public async Task A_search_is_paged_by_username()
    {
        for (var i = 0; i < 5; i++)
        {
            await RegisterAsync($"pageable{i}", null, null);
        }

        var (_, client) = await host.SomebodyAsync();

        var names = new List<string>();
        string? cursor = null;
        do
        {
            var page = await client.GetObjectAsync($"/api/users?q=pageable&limit=2{(cursor is null ? "" : $"&cursor={cursor}")}");
            names.AddRange(page["items"]!.AsArray().Select(user => (string)user!["username"]!));
            cursor = (string?)page["next_cursor"];
        }
        while (cursor is not null);

        Assert.Equal(["pageable0", "pageable1", "pageable2", "pageable3", "pageable4"], names);
    }

    [Fact]
    public async Task Users_are_found_by_username_and_by_ids()
    {
        var (member, client) = await host.SomebodyAsync();
        var other = await host.RegisterAsync();

        Assert.Equal([member.Id], await FindAsync(client, $"username={member.Username.ToUpperInvariant()}"));
        Assert.Equal([member.Id, other.Id], await FindAsync(client, $"ids={other.Id},{member.Id},{Guid.CreateVersion7()}"));
        Assert.Empty(await FindAsync(client, "username=nobody.at.all"));
    }

    [Theory]
    [InlineData("ids=nonsense", "ids")]
    [InlineData("q=a%00", "q")]
    [InlineData("username=a%00", "username")]
    [InlineData("limit=0", "limit")]
    [InlineData("q=a&cursor=x", "cursor")]
    public async Task A_bad_search_is_refused(string query, string member)
    {
        var (_, client) = await host.SomebodyAsync();

        using var response = await client.GetAsync($"/api/users?{query}");

        await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", member);
    }

    [Fact]
    public async Task At_most_a_hundred_ids_are_looked_up()
    {
        var (_, client) = await host.SomebodyAsync();
        string Ids(int count) => string.Join(',', Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7()));

        using var hundred = await client.GetAsync($"/api/users?ids={Ids(100)}");
        using var more = await client.GetAsync($"/api/users?ids={Ids(101)}");

        Assert.Equal(HttpStatusCode.OK, hundred.StatusCode);
        await more.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "ids");
    }

    private static async Task<IEnumerable<Guid>> FindAsync(HttpClient client, string query) =>
        (await (await client.GetAsync($"/api/users?{query}")).ReadItemsAsync()).Select(user => Guid.Parse((string)user["id"]!));

    private async Task<(Guid Id, IEnumerable<Guid> Found)> FindByLastNameAsync(string text, string words)
    {
        var (member, client) = await host.SomebodyAsync();
        using var named = await client.PatchAsJsonAsync("/api/users/me", new { last_name = text });
        Assert.Equal(HttpStatusCode.OK, named.StatusCode);
        return (member.Id, await FindAsync(client, $"limit=100&q={Uri.EscapeDataString(words)}"));
    }

    private async Task<Guid> RegisterAsync(string username, string? firstName, string? lastName)
    {
        var registration = IdentityHost.NewRegistration();
        registration["username"] = username;
        registration["first_name"] = firstName;
        registration["last_name"] = lastName;
        return (await host.RegisterAsync(registration)).Id;
    }
}
