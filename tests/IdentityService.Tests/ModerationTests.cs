using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;
using Npgsql;

namespace Explaino.IdentityService.Tests;

/// <summary>Reports become cases, and cases are decided.</summary>
public sealed class ModerationTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task A_reported_person_is_a_case_until_it_is_decided_and_the_next_report_another()
    {
        using var admin = host.As(await host.LogInAsAdminAsync());
        var (reported, _) = await host.SomebodyAsync();
        var (first, asFirst) = await host.SomebodyAsync();
        var (_, asSecond) = await host.SomebodyAsync();

        var id = await ReportAsync(asFirst, reported, new { reason = "spam", note = "Ads." });
        using var again = await asFirst.PostAsJsonAsync($"/api/users/{reported.Id}/reports", new { reason = "hate" });
        await ReportAsync(asSecond, reported, new { reason = "impersonation" });

        Assert.Equal(id, (Guid?)(await again.ReadObjectAsync())["id"]);
        var found = Assert.Single(await CasesAsync(admin, reported, reports: 2));
        Assert.Equal(
            ["id", "subject", "author", "excerpt", "report_count", "reasons", "state", "first_reported_at", "decided_at"], found.Select(member => member.Key));
        Assert.Equal($$"""{"service":"identity","type":"user","id":"{{reported.Id}}"}""", found["subject"]!.ToJsonString());
        Assert.Equal(reported.Username, (string?)found["author"]!["username"]);
        Assert.Equal("""{"impersonation":1,"spam":1}""", found["reasons"]!.ToJsonString());
        var detail = await admin.GetObjectAsync($"/api/moderation/cases/{found["id"]}");
        Assert.Equal(first.Id, (Guid?)detail["reports"]![0]!["reporter_id"]);
        Assert.Equal("Ads.", (string?)detail["reports"]![0]!["note"]);
        Assert.Equal(reported.Username, (string?)detail["snapshot"]!["title"]);

        using var decided = await DecideAsync(admin, found, new { action = "dismiss", reason = "Is who they say" });
        Assert.Equal("dismissed", (string?)(await decided.ReadObjectAsync())["state"]);
        var (_, asThird) = await host.SomebodyAsync();
        await ReportAsync(asThird, reported, new { reason = "other" });
        Assert.Equal(["open", "dismissed"], (await CasesAsync(admin, reported, cases: 2)).Select(other => (string?)other["state"]));
        Assert.Equal(1d, (double?)(await admin.GetObjectAsync($"/api/moderation/cases/{found["id"]}"))["reports"]![0]!["reporter_dismissed_share"]);
    }

    [Fact]
    public async Task An_event_thrice_and_others_in_any_order_are_one_case_and_each_report_once()
    {
        using var admin = host.As(await host.LogInAsAdminAsync());
        var author = await host.RegisterAsync();
        var subject = Guid.CreateVersion7();
        var events = new List<JsonObject>();
        for (var i = 0; i < 4; i++)
        {
            events.Add(Reported(await host.RegisterAsync(), author, subject, message => message["snapshot"]!["content"] = new string('x', 300)));
        }

        var storm = Enumerable.Repeat(events, 3).SelectMany(each => each).ToArray();
        Random.Shared.Shuffle(storm);
        await Task.WhenAll(storm.Select(message => host.Environment.Broker.PublishAsync("content-reported.v1", message)));

        var found = Assert.Single(await CasesAsync(admin, author, reports: 4));
        Assert.Equal(200, ((string?)found["excerpt"])!.Length);
        using var decided = await DecideAsync(admin, found, new { action = "dismiss", reason = "Fine" });
        await host.Environment.Broker.PublishAsync("content-reported.v1", events[0]);
        await host.Environment.Broker.PublishAsync("content-reported.v1", Reported(await host.RegisterAsync(), author, Guid.CreateVersion7()));
        Assert.Equal([1, 4], (await CasesAsync(admin, author, cases: 2)).Select(other => (int)other["report_count"]!).Order());
    }

    [Fact]
    public async Task A_decision_takes_effect_once_and_its_retry_gives_the_first_answer()
    {
        using var admin = host.As(await host.LogInAsAdminAsync());
        var removals = await PublishedEvents.ListenAsync(host.Environment.Broker, "content-removed.v1");
        var author = await host.RegisterAsync();
        var login = await host.LogInAsync(author);
        var subject = Guid.CreateVersion7();
        await host.Environment.Broker.PublishAsync("content-reported.v1", Reported(await host.RegisterAsync(), author, subject));
        var found = Assert.Single(await CasesAsync(admin, author, reports: 1));
        var key = Guid.CreateVersion7();
        var decision = new { action = "remove_and_suspend", reason = "Spam" };

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(number => DecideAsync(admin, found, decision, number == 0 ? key : Guid.CreateVersion7())));
        using var retried = await DecideAsync(admin, found, decision, key);

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        foreach (var late in answers.Where(answer => answer.StatusCode != HttpStatusCode.OK))
        {
            await late.IsProblemAsync(HttpStatusCode.Conflict, "case_decided");
        }

        Assert.Equal(answers[0].StatusCode, retried.StatusCode);
        var removed = Assert.Single(await removals.AllAsync(message => (Guid?)message["caseId"] == (Guid?)found["id"]));
        Assert.Equal(subject, (Guid?)removed["subjectId"]);
        Assert.Equal("comment", (string?)removed["type"]);
        using var suspended = await host.TryLogInAsync(author.Email, author.Password);
        await suspended.IsProblemAsync(HttpStatusCode.Forbidden, "account_suspended");
        using var refused = await host.TryRefreshAsync(login.RefreshToken);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task A_person_is_suspended_not_removed_and_an_unknown_case_is_none()
    {
        using var admin = host.As(await host.LogInAsAdminAsync());
        var reported = await host.RegisterAsync();
        var (_, client) = await host.SomebodyAsync();
        await ReportAsync(client, reported, new { reason = "hate" });
        var found = Assert.Single(await CasesAsync(admin, reported, reports: 1));

        using var removed = await DecideAsync(admin, found, new { action = "remove", reason = "Hate" });
        using var past = await DecideAsync(admin, found, new { action = "remove_and_suspend", reason = "Hate", suspended_until = host.Clock.GetUtcNow() });
        using var nothing = await admin.PostAsJsonAsync($"/api/moderation/cases/{Guid.CreateVersion7()}/decision", new { action = "dismiss", reason = "No" });
        using var none = await admin.GetAsync($"/api/moderation/cases/{Guid.CreateVersion7()}");
        using var suspended = await DecideAsync(admin, found, new { action = "remove_and_suspend", reason = "Hate", suspended_until = host.Clock.GetUtcNow().AddDays(1) });

        await removed.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "action");
        await past.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "suspended_until");
        await nothing.IsProblemAsync(HttpStatusCode.NotFound, "case_not_found");
        await none.IsProblemAsync(HttpStatusCode.NotFound, "case_not_found");
        Assert.Equal("removed", (string?)(await suspended.ReadObjectAsync())["state"]);
        using var login = await host.TryLogInAsync(reported.Email, reported.Password);
        await login.IsProblemAsync(HttpStatusCode.Forbidden, "account_suspended");
    }

    [Fact]
    public async Task Nobody_reports_more_than_twenty_things_a_day_over_all_services()
    {
        var (reporter, client) = await host.SomebodyAsync();
        var people = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => host.RegisterAsync()));
        for (var i = 0; i < 5; i++)
        {
            await host.Environment.Broker.PublishAsync(
                "content-reported.v1", Reported(reporter, people[0], Guid.CreateVersion7(), message => message["reportedAt"] = host.Clock.GetUtcNow()));
        }

        await Eventually.TrueAsync(async () => await CountAsync($"reports WHERE reporter_id = '{reporter.Id}'") == 5);
        var answers = await Task.WhenAll(people.Select(person => client.PostAsJsonAsync($"/api/users/{person.Id}/reports", new { reason = "spam" })));

        Assert.Equal(15, answers.Count(answer => answer.StatusCode == HttpStatusCode.Accepted));
        var refused = Assert.Single(answers, answer => answer.StatusCode != HttpStatusCode.Accepted);
        await refused.IsProblemAsync(HttpStatusCode.TooManyRequests, "too_many_reports");
        Assert.NotNull(refused.Headers.RetryAfter);
    }

    [Fact]
    public async Task Who_reports_can_block_as_well()
    {
        var reported = await host.RegisterAsync();
        var (_, client) = await host.SomebodyAsync();

        await ReportAsync(client, reported, new { reason = "harassment", block = true });

        await Eventually.TrueAsync(async () => (await (await client.GetAsync("/api/users/me/blocks")).ReadItemsAsync()).SingleOrDefault()?["id"] is { } id && (Guid)id == reported.Id);
    }

    [Fact]
    public async Task Of_deleted_people_no_report_and_no_case_is_left_and_none_comes_late()
    {
        var (author, asAuthor) = await host.SomebodyAsync();
        var (reporter, asReporter) = await host.SomebodyAsync();
        var other = await host.RegisterAsync();
        await ReportAsync(asReporter, author, new { reason = "spam", note = "Look at them." });
        await ReportAsync(asReporter, other, new { reason = "spam", note = "Look at them." });
        await Eventually.TrueAsync(async () => await CountAsync($"case_reports WHERE reporter_id = '{reporter.Id}'") == 2);

        foreach (var (client, member) in new[] { (asAuthor, author), (asReporter, reporter) })
        {
            using var deleted = await client.PostAsJsonAsync("/api/users/me/deletion", new { password = member.Password });
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        }

        await host.Environment.Broker.PublishAsync("content-reported.v1", Reported(reporter, other, Guid.CreateVersion7()));
        var witness = Guid.CreateVersion7();
        await host.Environment.Broker.PublishAsync("content-reported.v1", Reported(await host.RegisterAsync(), other, witness));
        await Eventually.TrueAsync(async () => await CountAsync($"moderation_cases WHERE subject_id = '{witness}'") == 1);
        foreach (var table in new[] { "reports", "case_reports", "moderation_cases" })
        {
            Assert.Equal(0, await CountAsync($"{table} AS t WHERE t::text LIKE '%{reporter.Id}%' OR t::text LIKE '%{author.Id}%'"));
        }
    }

    [Fact]
    public async Task What_is_wrong_with_a_report_is_said_of_its_members()
    {
        var (member, client) = await host.SomebodyAsync();
        var other = await host.RegisterAsync();

        using var nothing = await client.PostAsJsonAsync($"/api/users/{other.Id}/reports", new { note = new string('x', 501) });
        using var oneself = await client.PostAsJsonAsync($"/api/users/{member.Id}/reports", new { reason = "spam" });
        using var nobody = await client.PostAsJsonAsync($"/api/users/{Guid.CreateVersion7()}/reports", new { reason = "spam" });

        await nothing.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "reason", "note");
        await oneself.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "id");
        await nobody.IsProblemAsync(HttpStatusCode.NotFound, "user_not_found");
    }

    private static JsonObject Reported(Member reporter, Member author, Guid subject, Action<JsonObject>? change = null)
    {
        var message = EventDocuments.Example("content-reported.v1");
        message["reportId"] = Guid.CreateVersion7();
        message["userId"] = reporter.Id;
        message["authorId"] = author.Id;
        message["subjectId"] = subject;
        change?.Invoke(message);
        return message;
    }

    private static async Task<Guid> ReportAsync(HttpClient client, Member reported, object report)
    {
        using var response = await client.PostAsJsonAsync($"/api/users/{reported.Id}/reports", report);
        return (Guid)(await response.ReadObjectAsync(HttpStatusCode.Accepted))["id"]!;
    }

    private static async Task<HttpResponseMessage> DecideAsync(HttpClient admin, JsonObject found, object decision, Guid? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/moderation/cases/{found["id"]}/decision") { Content = JsonContent.Create(decision) };
        request.Headers.Add("Idempotency-Key", (key ?? Guid.CreateVersion7()).ToString());
        return await admin.SendAsync(request);
    }

    /// <summary>An author's cases, once there are as many, with as many reports in all.</summary>
    private static Task<IReadOnlyList<JsonObject>> CasesAsync(HttpClient admin, Member author, int cases = 1, int reports = 0) => Eventually.GetAsync(async () =>
    {
        var found = await (await admin.GetAsync($"/api/moderation/cases?author_id={author.Id}")).ReadItemsAsync();
        return found.Count >= cases && found.Sum(each => (int)each["report_count"]!) >= reports ? found : null;
    });

    private async Task<long> CountAsync(string rows)
    {
        await using var database = NpgsqlDataSource.Create(host.Environment.Database.SuperuserConnectionString);
        await using var command = database.CreateCommand($"SELECT count(*) FROM {rows}");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
