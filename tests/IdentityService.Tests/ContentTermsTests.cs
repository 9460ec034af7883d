using System.Net;
using System.Net.Http.Json;
using Explaino.Testing;

namespace Explaino.IdentityService.Tests;

/// <summary>What an operator does not want to read is refused, or shown to a moderator.</summary>
public sealed class ContentTermsTests
{
    [Fact]
    public async Task Somebody_with_a_term_in_their_name_is_refused_and_so_is_one_in_a_bio()
    {
        await using var environment = await ServiceEnvironment.CreateAsync(Service.Identity);
        await using var host = new IdentityHost(environment, Settings("reject"));
        await host.InitializeAsync();
        var registration = IdentityHost.NewRegistration();
        registration["first_name"] = "Cheap Watches";
        var (member, client) = await host.SomebodyAsync();

        using var refused = await host.PostAsync("/api/auth/register", registration);
        using var changed = await client.PatchAsJsonAsync("/api/users/me", new { bio = "I sell cheap watches." });
        using var fine = await client.PatchAsJsonAsync("/api/users/me", new { bio = "I repair watches." });

        var problem = await refused.IsProblemAsync(HttpStatusCode.BadRequest, "content_not_allowed", "first_name");
        Assert.Equal("not_allowed", (string?)problem["violations"]![0]!["rule"]);
        await changed.IsProblemAsync(HttpStatusCode.BadRequest, "content_not_allowed", "bio");
        Assert.Equal(HttpStatusCode.OK, fine.StatusCode);
    }

    [Fact]
    public async Task A_flagged_bio_is_one_case_that_nobody_reported_however_often_it_is_written()
    {
        await using var environment = await ServiceEnvironment.CreateAsync(Service.Identity);
        await using var host = new IdentityHost(environment, Settings("flag"));
        await host.InitializeAsync();
        using var admin = host.As(await host.LogInAsAdminAsync());
        var (member, client) = await host.SomebodyAsync();
        var (_, reporter) = await host.SomebodyAsync();

        foreach (var bio in new[] { "I sell cheap watches.", "I still sell cheap watches." })
        {
            using var changed = await client.PatchAsJsonAsync("/api/users/me", new { bio });
            Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        }

        using var report = await reporter.PostAsJsonAsync($"/api/users/{member.Id}/reports", new { reason = "spam" });
        var found = await Eventually.GetAsync(async () =>
            await (await admin.GetAsync($"/api/moderation/cases?author_id={member.Id}")).ReadItemsAsync() is [var only] && (int)only["report_count"]! == 2 ? only : null);
        var detail = await admin.GetObjectAsync($"/api/moderation/cases/{found["id"]}");
        Assert.Equal("""{"other":1,"spam":1}""", found["reasons"]!.ToJsonString());
        Assert.Single(detail["reports"]!.AsArray(), told => told!["reporter_id"] is null);
        Assert.Contains("cheap watches", (string?)detail["snapshot"]!["content"], StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> Settings(string mode)
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("explaino-terms-").FullName, "terms.txt");
        File.WriteAllText(file, "cheap watches\n");
        return new() { ["Moderation:Mode"] = mode, ["Moderation:Terms"] = file };
    }
}
