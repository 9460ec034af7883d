using System.Net;
using System.Net.Http.Json;
using Explaino.Testing;
using FsCheck.Fluent;

namespace Explaino.ProfileService.Tests;

public sealed class EventTests(ProfileHost host) : IClassFixture<ProfileHost>
{
    private static readonly TestUser Reader = TestUser.New();

    [Fact]
    public async Task A_deleted_user_leaves_neither_row_nor_file_and_cannot_come_back()
    {
        var user = TestUser.New("leaving11");
        var client = await host.KnownAsync(user, firstName: "Leaving");
        await client.PatchAsJsonAsync("/api/profiles/me", new { headline = "Soon gone" });
        await client.PostAsJsonAsync("/api/profiles/me/specializations", new { specialization_id = "019b76da-a800-7000-8000-000000000001" });
        await client.PostAsJsonAsync(
            "/api/profiles/me/certificates", new { title = "t", issuer = "i", issue_date = "2020-01-01", certificate_url = "https://example.org" });
        foreach (var collection in new[] { "skills", "tech-stack", "languages", "frameworks", "communication-skills", "soft-skills", "hobbies", "projects", "certifications" })
        {
            await client.PostAsJsonAsync($"/api/profiles/me/{collection}", new { name = "n" });
        }

        await client.PostAsJsonAsync("/api/profiles/me/education", new { institution = "i" });
        await client.PostAsJsonAsync("/api/profiles/me/experience", new { company = "c", title = "t" });
        await client.PostAsJsonAsync("/api/profiles/me/internships", new { company = "c", title = "t" });
        var others = host.Files.ToHashSet();
        await client.PutAsync("/api/profiles/me/resume", Documents.Form(Documents.Pdf()));
        Assert.Equal(17, await RowsAsync(user));

        await host.DeleteAsync(user);
        await Eventually.TrueAsync(async () => (await client.GetAsync($"/api/profiles/{user.Id}")).StatusCode == HttpStatusCode.NotFound);
        await host.UpdateAsync(user, version: 9, firstName: "Back");
        using var write = await client.PostAsJsonAsync("/api/profiles/me/skills", new { name = "n" });
        using var upload = await client.PutAsync("/api/profiles/me/resume", Documents.Form(Documents.Pdf()));
        using var read = await host.As(Reader).GetAsync($"/api/profiles/{user.Id}/skills");
        using var whole = await host.As(Reader).GetAsync($"/api/profiles/{user.Id}");

        await write.IsProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        await upload.IsProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        await read.IsProblemAsync(HttpStatusCode.NotFound, "profile_not_found");
        await whole.IsProblemAsync(HttpStatusCode.NotFound, "profile_not_found");
        Assert.Null(whole.Headers.RetryAfter);
        Assert.Equal(0, await RowsAsync(user));
        Assert.Equal(others, host.Files.ToHashSet());
        Assert.Equal(
            0L, await host.ScalarAsync<long>($"SELECT count(*) FROM people WHERE id = '{user.Id}' AND coalesce(username, first_name, bio) IS NOT NULL"));
    }

    /// <summary>Versions of a user, and maybe the end, in any order and any of them again: the state that follows depends on none of that.</summary>
    [Fact]
    public async Task Events_in_any_order_and_number_end_in_the_same_state()
    {
        var histories =
            from versions in Gen.Choose(1, 4)
            from deleted in Gen.Elements(true, false)
            let events = Enumerable.Range(1, versions).Concat(deleted ? [0] : [])
            from repeated in Gen.SubListOf(events)
            from order in Gen.Shuffle(events.Concat(repeated).ToArray())
            select order;

        await Task.WhenAll(histories.Sample(size: 10, numberOfSamples: 40).Select(async history =>
        {
            var user = TestUser.New();
            foreach (var version in history)
            {
                await (version switch
                {
                    0 => host.DeleteAsync(user),
                    1 => host.CreateAsync(user, "version 1"),
                    _ => host.UpdateAsync(user, version, $"version {version}"),
                });
            }

            var reader = host.As(Reader);
            await Eventually.TrueAsync(
                async () =>
                {
                    using var response = await reader.GetAsync($"/api/profiles/{user.Id}");
                    return history.Contains(0)
                        ? response.StatusCode == HttpStatusCode.NotFound && response.Headers.RetryAfter is null
                        : response.StatusCode == HttpStatusCode.OK
                            && (string?)(await response.ReadObjectAsync())["first_name"] == $"version {history.Max()}";
                },
                TimeSpan.FromSeconds(30),
                string.Join(' ', history));
        }));

        Assert.Equal(0L, await host.ScalarAsync<long>(
            "SELECT count(*) FROM search_documents d FULL JOIN people p ON p.id = d.user_id WHERE (p.deleted_at IS NULL) <> (d.user_id IS NOT NULL)"));
    }

    /// <summary>How many rows name the user, in all tables that belong to profiles.</summary>
    private Task<long> RowsAsync(TestUser user) => host.ScalarAsync<long>(
        $"""
        SELECT sum((xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %I WHERE user_id = %L', table_name, '{user.Id}'), true, true, '')))[1]::text::bigint)::bigint
        FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'user_id'
        """);
}
