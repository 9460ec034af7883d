using System.Net;
using Explaino.Testing;

namespace Explaino.JobBoardService.Tests;

/// <summary>Two of whom one blocks the other, whoever of them posted.</summary>
public sealed class BlockTests(JobsHost host) : IClassFixture<JobsHost>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task On_each_others_posts_nothing_is_said_but_taken_back(bool authorBlocks)
    {
        var (author, reader) = (TestUser.New("author"), TestUser.New("reader"));
        var (before, after) = ((await host.PostAsync(author)).Id(), (await host.PostAsync(author)).Id());
        await host.LikeAsync(reader, before);
        var comment = (await host.CommentAsync(reader, before)).Id();
        var second = (await host.CommentAsync(reader, before)).Id();

        await BlockAsync(authorBlocks ? author : reader, authorBlocks ? reader : author, 1);

        await Eventually.TrueAsync(async () => await host.QueryAsync<long>($"SELECT count(*) FROM blocks WHERE '{author.Id}' IN (blocker_id, blocked_id)") == 1);
        await (await host.TryLikeAsync(reader, after)).IsProblemAsync(HttpStatusCode.Conflict, "not_reachable");
        await (await host.TryCommentAsync(reader, after, "Well")).IsProblemAsync(HttpStatusCode.Conflict, "not_reachable");
        using var edited = await host.SendAsync(reader, HttpMethod.Patch, $"/api/jobs/{before}/comments/{comment}", new { content = "Other" });
        await edited.IsProblemAsync(HttpStatusCode.Conflict, "not_reachable");
        using var same = await host.SendAsync(reader, HttpMethod.Patch, $"/api/jobs/{before}/comments/{comment}", new { content = "Well said" });
        Assert.Equal(HttpStatusCode.OK, same.StatusCode);
        await host.UnlikeAsync(reader, before);
        using var deleted = await host.SendAsync(reader, HttpMethod.Delete, $"/api/jobs/{before}/comments/{comment}");
        using var removed = await host.SendAsync(author, HttpMethod.Delete, $"/api/jobs/{before}/comments/{second}");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Equal((0, 0), await CountsAsync(author, after));
    }

    [Fact]
    public async Task Lists_leave_the_blocked_out_for_the_one_who_blocks_and_for_nobody_else()
    {
        var (ada, bob, eve) = (TestUser.New("ada"), TestUser.New("bob"), TestUser.New("eve"));
        var word = $"w{Guid.CreateVersion7():n}";
        var (adas, bobs, eves) = ((await host.PostAsync(ada, title: word)).Id(), (await host.PostAsync(bob, title: word)).Id(), (await host.PostAsync(eve, title: word)).Id());
        foreach (var someone in new[] { ada, bob })
        {
            await host.LikeAsync(someone, eves);
            await host.CommentAsync(someone, eves);
        }

        await BlockAsync(ada, bob, 1);

        foreach (var path in new[] { $"/api/jobs?q={word}", $"/api/jobs?q={word}&sort=newest", $"/api/jobs?q={word}&sort=popular", "/api/jobs" })
        {
            await Eventually.TrueAsync(async () => !(await IdsAsync(ada, path)).Contains(bobs), text: path);
            Assert.Contains(eves, await IdsAsync(ada, path));
            Assert.Contains(adas, await IdsAsync(bob, path));
            Assert.Contains(bobs, await IdsAsync(eve, path));
        }

        Assert.Empty(await IdsAsync(ada, $"/api/jobs?author_id={bob.Id}"));
        Assert.Equal([ada.Id], (await host.ReadAllAsync(ada, $"/api/jobs/{eves}/comments")).Select(comment => (Guid)comment["author"]!["id"]!));
        Assert.Equal([ada.Id], await IdsAsync(ada, $"/api/jobs/{eves}/likes"));
        Assert.Equal(2, (await IdsAsync(bob, $"/api/jobs/{eves}/comments")).Count);
        Assert.Equal(2, (await IdsAsync(bob, $"/api/jobs/{eves}/likes")).Count);
        Assert.Equal(bobs, (await host.JobAsync(ada, bobs)).Id());
        Assert.Equal(2, (int?)(await host.JobAsync(ada, eves))["like_count"]);
    }

    [Fact]
    public async Task The_later_event_counts_however_they_come_and_none_after_a_deletion()
    {
        var (ada, bob, eve) = (TestUser.New("ada"), TestUser.New("bob"), TestUser.New("eve"));
        await BlockAsync(ada, bob, 3);
        await UnblockAsync(ada, bob, 4);
        await UnblockAsync(ada, bob, 2);
        await BlockAsync(ada, bob, 1);
        await BlockAsync(ada, bob, 3);
        await BlockAsync(eve, bob, 6);
        await host.PublishDeletedAsync(eve);
        await Eventually.TrueAsync(async () =>
            await host.QueryAsync<bool>($"SELECT EXISTS (SELECT FROM people WHERE id = '{eve.Id}' AND deleted_at IS NOT NULL)"));

        await BlockAsync(eve, ada, 7);
        await BlockAsync(bob, ada, 8);

        await Eventually.TrueAsync(async () => await host.QueryAsync<long>($"SELECT count(*) FROM blocks WHERE blocker_id = '{bob.Id}'") == 1);
        await Eventually.TrueAsync(async () => await host.QueryAsync<string>(
            $"SELECT string_agg(concat_ws(' ', is_active, version), ', ') FROM blocks WHERE '{ada.Id}' IN (blocker_id, blocked_id) AND blocker_id <> '{bob.Id}'") == "f 4");
        Assert.Equal(0L, await host.QueryAsync<long>($"SELECT count(*) FROM blocks WHERE '{eve.Id}' IN (blocker_id, blocked_id)"));
    }

    private async Task<(int, int)> CountsAsync(TestUser reader, Guid id)
    {
        var job = await host.JobAsync(reader, id);
        return ((int)job["like_count"]!, (int)job["comment_count"]!);
    }

    private async Task<List<Guid>> IdsAsync(TestUser reader, string path) => [.. (await host.ReadAllAsync(reader, path)).Select(item => item.Id())];

    private Task BlockAsync(TestUser blocker, TestUser blocked, long version) => PublishAsync("user-blocked.v1", blocker, blocked, version);

    private Task UnblockAsync(TestUser blocker, TestUser blocked, long version) => PublishAsync("user-unblocked.v1", blocker, blocked, version);

    private Task PublishAsync(string name, TestUser blocker, TestUser blocked, long version) =>
        host.Environment.Broker.PublishBlockAsync(name, blocker.Id, blocked.Id, version);
}
