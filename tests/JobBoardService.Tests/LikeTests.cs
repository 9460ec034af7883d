using System.Net;
using Explaino.Testing;

namespace Explaino.JobBoardService.Tests;

public sealed class LikeTests(JobsHost host) : IClassFixture<JobsHost>
{
    private readonly TestUser _author = TestUser.New();

    [Fact]
    public async Task Liking_and_unliking_count_once_however_often()
    {
        var fan = TestUser.New();
        var job = await host.PostAsync(_author);

        var first = await host.LikeAsync(fan, job.Id());
        var second = await host.LikeAsync(fan, job.Id());
        var seenByFan = await host.JobAsync(fan, job.Id());
        var seenByAuthor = await host.JobAsync(_author, job.Id());
        var third = await host.UnlikeAsync(fan, job.Id());
        var fourth = await host.UnlikeAsync(fan, job.Id());

        Assert.Equal("""{"like_count":1,"liked_by_me":true}""", first.ToJsonString());
        Assert.Equal("""{"like_count":1,"liked_by_me":true}""", second.ToJsonString());
        Assert.True((bool?)seenByFan["liked_by_me"]);
        Assert.False((bool?)seenByAuthor["liked_by_me"]);
        Assert.Equal(1, (int?)seenByAuthor["like_count"]);
        Assert.Equal("""{"like_count":0,"liked_by_me":false}""", third.ToJsonString());
        Assert.Equal("""{"like_count":0,"liked_by_me":false}""", fourth.ToJsonString());
    }

    [Fact]
    public async Task Who_likes_a_post_is_listed_newest_first_page_by_page()
    {
        var job = await host.PostAsync(_author);
        var fans = new List<TestUser>();
        for (var number = 0; number < 7; number++)
        {
            fans.Insert(0, TestUser.New($"fan-number-{number}"));
            await host.LikeAsync(fans[0], job.Id());
        }

        var listed = await host.ReadAllAsync(_author, $"/api/jobs/{job.Id()}/likes", limit: 3);

        Assert.Equal(fans.Select(fan => fan.Id), listed.Select(person => person.Id()));
        Assert.Equal(["id", "username", "first_name", "last_name", "profile_image"], listed[0].Select(member => member.Key));
        Assert.Equal("fan-number-6", (string?)listed[0]["username"]);
    }

    [Fact]
    public async Task Thirty_people_at_once_leave_exact_counts()
    {
        var job = await host.PostAsync(_author);
        var people = Enumerable.Range(0, 30).Select(_ => TestUser.New()).ToList();

        await Task.WhenAll(people.Select(async (person, index) =>
        {
            var random = new Random(index);
            for (var step = 0; step < 12; step++)
            {
                switch (random.Next(4))
                {
                    case 0:
                        await host.UnlikeAsync(person, job.Id());
                        break;
                    case 1:
                        await host.CommentAsync(person, job.Id());
                        break;
                    case 2:
                        var comment = await host.CommentAsync(person, job.Id());
                        using (var deleted = await host.SendAsync(person, HttpMethod.Delete, $"/api/jobs/{job.Id()}/comments/{comment.Id()}"))
                        {
                            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
                        }

                        break;
                    default:
                        await Task.WhenAll(host.LikeAsync(person, job.Id()), host.LikeAsync(person, job.Id()));
                        break;
                }
            }
        }));

        var seen = await host.JobAsync(_author, job.Id());
        Assert.Equal((await host.ReadAllAsync(_author, $"/api/jobs/{job.Id()}/likes")).Count, (int?)seen["like_count"]);
        Assert.Equal((await host.ReadAllAsync(_author, $"/api/jobs/{job.Id()}/comments")).Count, (int?)seen["comment_count"]);
        Assert.NotEqual(0, (int?)seen["like_count"]);
    }

    [Fact]
    public async Task A_post_that_is_deleted_under_its_likes_is_simply_gone()
    {
        var job = await host.PostAsync(_author);
        var people = Enumerable.Range(0, 10).Select(_ => TestUser.New()).ToList();

        var likes = people.Select(async person =>
        {
            var statuses = new List<HttpStatusCode>();
            for (var step = 0; step < 8; step++)
            {
                using var like = await host.TryLikeAsync(person, job.Id());
                using var comment = await host.TryCommentAsync(person, job.Id(), "Still here?");
                using var unlike = await host.SendAsync(person, HttpMethod.Delete, $"/api/jobs/{job.Id()}/like");
                statuses.AddRange([like.StatusCode, comment.StatusCode, unlike.StatusCode]);
            }

            return statuses;
        }).ToList();
        using var deleted = await host.SendAsync(_author, HttpMethod.Delete, $"/api/jobs/{job.Id()}");

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        var answers = (await Task.WhenAll(likes)).SelectMany(statuses => statuses);
        Assert.All(answers, status => Assert.Contains(status, new[] { HttpStatusCode.OK, HttpStatusCode.Created, HttpStatusCode.NotFound }));
        Assert.Equal(0L, await host.QueryAsync<long>($"SELECT count(*) FROM job_post_likes WHERE post_id = '{job.Id()}'"));
    }
}
