using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.ProfileService.Tests;

/// <summary>The verb <c>resync people</c>, beside a service that serves: what is kept of people is what Identity has, and whom only one of the two knows is left to a human.</summary>
public sealed class ResyncTests : IAsyncLifetime
{
    private static readonly TestUser Reader = TestUser.New();

    private readonly ProfileHost _host = new();

    public async ValueTask InitializeAsync()
    {
        await _host.InitializeAsync();
        await Eventually.TrueAsync(() => _host.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM initial_loads)"));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task What_is_missing_behind_ahead_or_different_is_put_right_once()
    {
        var (missing, behind, ahead, different, right) = (TestUser.New("missing"), TestUser.New("behind"), TestUser.New("ahead"), TestUser.New("different"), TestUser.New("right"));
        await _host.KnownAsync(behind, version: 1, firstName: "Former");
        await _host.KnownAsync(ahead, version: 9, firstName: "Later");
        await _host.KnownAsync(different, version: 3, firstName: "Ada");
        await _host.KnownAsync(right, version: 3, firstName: "Ada");
        await _host.ScalarAsync<object>($"UPDATE people SET first_name = 'Nobody' WHERE id = '{different.Id}'");
        Knows(Known(missing, 2), Known(behind, 2), Known(ahead, 2), Known(different, 3), Known(right, 3));

        var first = await _host.RunVerbInProcessAsync("resync", "people");
        var second = await _host.RunVerbInProcessAsync("resync", "people");

        Assert.Equal((0, "resync: 5 people compared with Identity, 4 put right, right\n"), (first.ExitCode, first.Output));
        Assert.Equal((0, "resync: 5 people compared with Identity, 0 put right, right\n"), (second.ExitCode, second.Output));
        foreach (var user in (TestUser[])[missing, behind, ahead, different, right])
        {
            Assert.Equal((user.Username, "Ada"), (user.Username, await FirstNameAsync(user)));
        }

        await _host.UpdateAsync(ahead, version: 3, firstName: "Augusta");
        await Eventually.TrueAsync(async () => await FirstNameAsync(ahead) == "Augusta");
    }

    [Fact]
    public async Task An_event_that_comes_meanwhile_stands()
    {
        var user = TestUser.New("overtaken");
        await _host.KnownAsync(user, version: 9, firstName: "Later");
        _host.Environment.Issuer.People = async () =>
        {
            await _host.UpdateAsync(user, version: 10, firstName: "Latest");
            await Eventually.TrueAsync(async () => await FirstNameAsync(user) == "Latest");
            return [Known(user, 2)];
        };

        var verb = await _host.RunVerbInProcessAsync("resync", "people");

        Assert.Contains(" 0 put right", verb.Output, StringComparison.Ordinal);
        Assert.Equal("Latest", await FirstNameAsync(user));
    }

    [Fact]
    public async Task Whom_only_one_of_the_two_knows_is_left_to_the_operator()
    {
        var (unknown, deleted) = (TestUser.New("unknown"), TestUser.New("deleted"));
        await _host.KnownAsync(unknown, firstName: "Ada");
        await _host.KnownAsync(deleted, firstName: "Ada");
        await _host.DeleteAsync(deleted);
        await Eventually.TrueAsync(async () => await _host.ScalarAsync<bool>($"SELECT deleted_at IS NOT NULL FROM people WHERE id = '{deleted.Id}'"));
        Knows(Known(deleted, 5));

        var verb = await _host.RunVerbInProcessAsync("resync", "people");

        Assert.Equal(1, verb.ExitCode);
        Assert.Contains($"{unknown.Id} is unknown to Identity", verb.Output, StringComparison.Ordinal);
        Assert.Contains($"{deleted.Id} is deleted here, and not in Identity", verb.Output, StringComparison.Ordinal);
        Assert.Contains(" 0 put right, 2 left to you", verb.Output, StringComparison.Ordinal);
        Assert.Equal("Ada", await FirstNameAsync(unknown));
        Assert.Null(await _host.ScalarAsync<string>($"SELECT first_name FROM people WHERE id = '{deleted.Id}'"));
    }

    [Fact]
    public async Task Without_saying_what_nothing_is_done()
    {
        var verb = await _host.RunVerbInProcessAsync("resync");

        Assert.Equal(2, verb.ExitCode);
        Assert.Contains("usage: resync people", verb.Output, StringComparison.Ordinal);
    }

    private static JsonObject Known(TestUser user, long version)
    {
        var example = EventDocuments.Example("user-created.v1");
        return new()
        {
            ["user_id"] = user.Id,
            ["username"] = user.Username,
            ["first_name"] = "Ada",
            ["bio"] = (string?)example["bio"],
            ["profile_image"] = (string?)example["profileImage"],
            ["created_at"] = (string?)example["createdAt"],
            ["version"] = version,
        };
    }

    private void Knows(params JsonObject[] people) => _host.Environment.Issuer.People = () => Task.FromResult<IReadOnlyList<JsonObject>>(people);

    private async Task<string?> FirstNameAsync(TestUser user)
    {
        using var client = _host.As(Reader);
        return (string?)(await client.GetObjectAsync($"/api/profiles/{user.Id}"))["first_name"];
    }
}
