using System.Net;
using Explaino.Testing;

namespace Explaino.IdentityService.Tests;

public sealed class BlockTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task Blocking_is_told_once_however_often_it_is_said_and_its_end_comes_later()
    {
        var (ada, asAda) = await host.SomebodyAsync();
        var bob = await host.RegisterAsync();
        var blocked = await PublishedEvents.ListenAsync(host.Environment.Broker, "user-blocked.v1");
        var unblocked = await PublishedEvents.ListenAsync(host.Environment.Broker, "user-unblocked.v1");

        Assert.All(await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => BlockAsync(asAda, bob.Id))), said => Assert.Equal(HttpStatusCode.NoContent, said));
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => UnblockAsync(asAda, bob.Id))), said => Assert.Equal(HttpStatusCode.NoContent, said));
        await BlockAsync(asAda, bob.Id);

        var told = await blocked.AboutAsync(ada.Id, 2);
        var lifted = Assert.Single(await unblocked.AboutAsync(ada.Id));
        Assert.Equal(2, told.Count);
        Assert.All(told, message => Assert.Equal(bob.Id, (Guid?)message["message"]!["blockedUserId"]));
        long[] versions = [(long)told[0]["message"]!["version"]!, (long)lifted["message"]!["version"]!, (long)told[1]["message"]!["version"]!];
        Assert.Equal(versions.Order(), versions);
    }

    [Fact]
    public async Task Two_who_block_each_other_at_once_both_do()
    {
        for (var round = 0; round < 10; round++)
        {
            var ((ada, asAda), (bob, asBob)) = (await host.SomebodyAsync(), await host.SomebodyAsync());

            var said = await Task.WhenAll(BlockAsync(asAda, bob.Id), BlockAsync(asBob, ada.Id));

            Assert.All(said, status => Assert.Equal(HttpStatusCode.NoContent, status));
        }
    }

    [Fact]
    public async Task One_sees_whom_one_blocks_newest_first()
    {
        var (_, asAda) = await host.SomebodyAsync();
        var (bob, eve) = (await host.RegisterAsync(), await host.RegisterAsync());
        await BlockAsync(asAda, bob.Id);
        await BlockAsync(asAda, eve.Id);

        var first = await asAda.GetObjectAsync("/api/users/me/blocks?limit=1");
        var rest = await asAda.GetObjectAsync($"/api/users/me/blocks?cursor={(string?)first["next_cursor"]}");

        var item = Assert.Single(first["items"]!.AsArray())!.AsObject();
        Assert.Equal(["id", "username", "first_name", "last_name", "profile_image", "created_at"], item.Select(member => member.Key));
        Assert.Equal(eve.Id, (Guid?)item["id"]);
        Assert.Equal(bob.Id, (Guid?)Assert.Single(rest["items"]!.AsArray())!["id"]);
        Assert.Null(rest["next_cursor"]);
    }

    [Fact]
    public async Task Nobody_blocks_themselves_or_nobody()
    {
        var (ada, asAda) = await host.SomebodyAsync();

        using var oneself = await asAda.PutAsync($"/api/users/me/blocks/{ada.Id}", null);
        using var nobody = await asAda.PutAsync($"/api/users/me/blocks/{Guid.CreateVersion7()}", null);

        await oneself.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "user_id");
        await nobody.IsProblemAsync(HttpStatusCode.NotFound, "user_not_found");
        Assert.Equal(HttpStatusCode.NoContent, await UnblockAsync(asAda, Guid.CreateVersion7()));
    }

    [Fact]
    public async Task Whom_one_blocks_one_does_not_find_by_q_but_by_id_and_name()
    {
        var (ada, asAda) = await host.SomebodyAsync();
        var (bob, asBob) = await host.SomebodyAsync();
        await BlockAsync(asAda, bob.Id);

        Assert.Empty(await FindAsync(asAda, $"q={bob.Username}"));
        Assert.Equal(bob.Id, Assert.Single(await FindAsync(asAda, $"ids={bob.Id}")));
        Assert.Equal(bob.Id, Assert.Single(await FindAsync(asAda, $"username={bob.Username}")));
        Assert.Equal(ada.Id, Assert.Single(await FindAsync(asBob, $"q={ada.Username}")));
    }

    private static async Task<List<Guid>> FindAsync(HttpClient client, string query) =>
        [.. (await (await client.GetAsync($"/api/users?{query}")).ReadItemsAsync()).Select(user => (Guid)user["id"]!)];

    private static async Task<HttpStatusCode> BlockAsync(HttpClient client, Guid userId)
    {
        using var response = await client.PutAsync($"/api/users/me/blocks/{userId}", null);
        return response.StatusCode;
    }

    private static async Task<HttpStatusCode> UnblockAsync(HttpClient client, Guid userId)
    {
        using var response = await client.DeleteAsync($"/api/users/me/blocks/{userId}");
        return response.StatusCode;
    }
}
