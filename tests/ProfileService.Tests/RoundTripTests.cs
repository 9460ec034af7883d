using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Explaino.Testing;

namespace Explaino.ProfileService.Tests;

public sealed class RoundTripTests(ProfileHost host) : IClassFixture<ProfileHost>
{
    [Fact]
    public async Task A_profile_is_one_statement_whatever_it_holds()
    {
        var (empty, full) = (TestUser.New(), TestUser.New());
        var client = host.As(full);
        foreach (var collection in new[] { "skills", "tech-stack", "languages", "frameworks", "communication-skills", "soft-skills", "hobbies", "projects", "certifications" })
        {
            using var filled = await client.PutAsJsonAsync(
                $"/api/profiles/me/{collection}", new { items = Enumerable.Range(0, 100).Select(number => new { name = $"{number}" }) });
            Assert.Equal(HttpStatusCode.OK, filled.StatusCode);
        }

        await client.PutAsync("/api/profiles/me/resume", Documents.Form(Documents.Pdf()));
        await client.PostAsJsonAsync(
            "/api/profiles/me/certificates", new { title = "t", issuer = "i", issue_date = "2020-01-01", certificate_url = "https://example.org" });

        Assert.Equal(1, await CountStatementsAsync(host.As(empty), $"/api/profiles/{empty.Id}"));
        Assert.Equal(1, await CountStatementsAsync(client, $"/api/profiles/{full.Id}"));
        Assert.Equal(1, await CountStatementsAsync(client, $"/api/profiles/{full.Id}/resume.json"));
        Assert.Equal(1, await CountStatementsAsync(client, "/api/profiles?q=some&skill=5&limit=100"));
    }

    private static async Task<int> CountStatementsAsync(HttpClient client, string path)
    {
        using var request = new Activity("Counted").SetIdFormat(ActivityIdFormat.W3C).Start();
        var statements = new ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Npgsql" or "Microsoft.AspNetCore",
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.Source.Name == "Npgsql" && activity.TraceId == request.TraceId)
                {
                    statements.Add(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);

        using var response = await client.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return statements.Count(statement => statement.GetTagItem("db.query.text") is not null || statement.GetTagItem("db.statement") is not null);
    }
}
