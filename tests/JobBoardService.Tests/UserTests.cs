using System.Net;
using Explaino.Testing;

namespace Explaino.JobBoardService.Tests;

public sealed class UserTests(JobsHost host) : IClassFixture<JobsHost>
{
    private readonly TestUser _author = TestUser.New("ada.lovelace");

    [Fact]
    public async Task Authors_are_shown_as_their_events_say_whatever_the_order()
    {
        var job = await host.PostAsync(_author);

        await host.PublishUpdatedAsync(_author, 3);
        await Eventually.TrueAsync(async () => await NameAsync(job.Id()) == "ada.lovelace.3");
        await host.PublishUpdatedAsync(_author, 2);
        await host.PublishCreatedAsync(_author);
        await host.PublishUpdatedAsync(_author, 4);
        await Eventually.TrueAsync(async () => await NameAsync(job.Id()) == "ada.lovelace.4");

        Assert.Equal("Ada", (string?)(await host.JobAsync(_author, job.Id()))["author"]!["first_name"]);
    }

    [Fact]
    public async Task Of_many_versions_of_many_people_at_once_the_latest_of_each_is_kept()
    {
        var people = Enumerable.Range(0, 40).Select(number => TestUser.New($"crowd.{number}")).ToArray();
        var events = people.SelectMany(person => Enumerable.Range(2, 5).SelectMany(version => new[] { (person, version), (person, version) })).ToArray();
        new Random(1).Shuffle(events);

        await Task.WhenAll(events.Select(told => host.PublishUpdatedAsync(told.person, told.version)));

        var ids = string.Join(',', people.Select(person => $"'{person.Id}'"));
        await Eventually.TrueAsync(async () =>
            await host.QueryAsync<long>($"SELECT count(*) FROM people WHERE id IN ({ids}) AND version = 6 AND username LIKE '%.6'") == people.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Events_shuffled_and_repeated_end_the_same(int seed)
    {
        var user = TestUser.New();
        var watcher = TestUser.New();
        var own = await host.PostAsync(user);
        var other = await host.PostAsync(watcher);
        await host.LikeAsync(user, other.Id());
        await host.CommentAsync(user, other.Id());
        Func<Task>[] events =
        [
            () => host.PublishCreatedAsync(user), () => host.PublishUpdatedAsync(user, 2), () => host.PublishUpdatedAsync(user, 3),
            () => host.PublishDeletedAsync(user), () => host.PublishDeletedAsync(user), () => host.PublishUpdatedAsync(user, 3), () => host.PublishCreatedAsync(user),
        ];
        var random = new Random(seed);
        random.Shuffle(events);

        foreach (var publish in events)
        {
            await publish();
        }

        await HasNoTraceAsync(user);
        using var gone = await host.As(watcher).GetAsync($"/api/jobs/{own.Id()}");
        await gone.IsProblemAsync(HttpStatusCode.NotFound, "job_not_found");
        var seen = await host.JobAsync(watcher, other.Id());
        Assert.Equal(0, (int?)seen["like_count"]);
        Assert.Equal(0, (int?)seen["comment_count"]);
        await Eventually.TrueAsync(async () => await QueuesAreEmptyAsync());
        Assert.Equal(1L, await host.QueryAsync<long>(
            $"SELECT count(*) FROM people WHERE id = '{user.Id}' AND deleted_at IS NOT NULL AND num_nonnulls(username, first_name, last_name, bio, profile_image, created_at) = 0"));
    }

    [Fact]
    public async Task A_deleted_user_takes_posts_files_comments_and_likes_along_and_cannot_come_back()
    {
        var user = TestUser.New();
        var own = await host.PostAsync(user);
        var files = host.Files.Count;
        await host.UploadAsync(user, own.Id(), Png.Of());
        await host.LikeAsync(_author, own.Id());

        await host.PublishDeletedAsync(user);
        await HasNoTraceAsync(user);

        await Eventually.TrueAsync(() => host.Files.Count == files);
        foreach (var attempt in new[] { await host.TryPostAsync(user, JobsHost.Body()), await host.TryLikeAsync(user, own.Id()) })
        {
            await attempt.IsProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        }

        Assert.Equal(0L, await host.QueryAsync<long>($"SELECT count(*) FROM job_post_likes WHERE user_id = '{_author.Id}'"));
    }

    [Fact]
    public async Task Counts_stay_exact_when_thirty_people_like_while_others_are_deleted()
    {
        var posts = new List<Guid>();
        for (var number = 0; number < 3; number++)
        {
            posts.Add((await host.PostAsync(_author)).Id());
        }

        var staying = Enumerable.Range(0, 15).Select(_ => TestUser.New()).ToList();
        var leaving = Enumerable.Range(0, 15).Select(_ => TestUser.New()).ToList();
        posts.Add((await host.PostAsync(leaving[0])).Id());

        await Task.WhenAll(staying.Concat(leaving).Select(async (person, index) =>
        {
            var random = new Random(index);
            for (var step = 0; step < 10; step++)
            {
                var post = posts[random.Next(posts.Count)];
                using var like = await host.TryLikeAsync(person, post);
                using var comment = await host.TryCommentAsync(person, post, "Here");
                Assert.True((int)like.StatusCode < 500 && (int)comment.StatusCode < 500, $"{like.StatusCode} {comment.StatusCode}");
                if (step == 4 && leaving.Contains(person))
                {
                    await host.PublishDeletedAsync(person);
                }
            }
        }));

        foreach (var person in leaving)
        {
            await HasNoTraceAsync(person);
        }

        foreach (var post in posts.Take(3))
        {
            var seen = await host.JobAsync(_author, post);
            Assert.Equal((await host.ReadAllAsync(_author, $"/api/jobs/{post}/likes")).Count, (int?)seen["like_count"]);
            Assert.Equal((await host.ReadAllAsync(_author, $"/api/jobs/{post}/comments")).Count, (int?)seen["comment_count"]);
        }

        using var gone = await host.As(_author).GetAsync($"/api/jobs/{posts[3]}");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    private async Task<string?> NameAsync(Guid job) => (string?)(await host.JobAsync(_author, job))["author"]!["username"];

    private Task HasNoTraceAsync(TestUser user) => Eventually.TrueAsync(async () => await host.QueryAsync<long>(
        $"""
        SELECT (SELECT count(*) FROM job_posts WHERE author = '{user.Id}') + (SELECT count(*) FROM job_post_likes WHERE user_id = '{user.Id}')
            + (SELECT count(*) FROM job_post_comments WHERE user_id = '{user.Id}') + (SELECT count(*) FROM people WHERE id = '{user.Id}' AND deleted_at IS NULL)
        """) == 0);

    private async Task<bool> QueuesAreEmptyAsync()
    {
        var broker = host.Environment.Broker;
        using var response = await broker.Server.Management.GetAsync($"/api/queues/{broker.Name}");
        var queues = System.Text.Json.Nodes.JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsArray();
        return queues.All(queue => (int?)queue!["messages"] is null or 0);
    }
}
