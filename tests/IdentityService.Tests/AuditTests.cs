using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.IdentityService.Tests;

/// <summary>Who did what to whom is kept, once, beside what was done.</summary>
public sealed class AuditTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task A_login_and_a_refused_one_are_entries_that_say_from_where()
    {
        using var admin = host.As(await host.LogInAsAdminAsync());
        var member = await host.RegisterAsync();
        using var client = host.Anonymous();
        client.DefaultRequestHeaders.UserAgent.ParseAdd("Explaino/2.1");

        using var wrong = await client.PostAsJsonAsync("/api/auth/token", new { email = member.Email, password = "not the password" });
        using var right = await client.PostAsJsonAsync("/api/auth/token", new { email = member.Email, password = member.Password });

        var (done, refused) = await AboutAsync(admin, member.Id) switch { [var newer, var older] => (newer, older), var others => throw new InvalidOperationException($"{others.Count} entries") };
        Assert.Equal(["id", "at", "service", "actor", "action", "subject", "outcome", "ip", "user_agent", "trace_id"], done.Select(member => member.Key));
        Assert.Equal(("identity", "login", "done"), ((string?)done["service"], (string?)done["action"], (string?)done["outcome"]));
        Assert.Equal($$"""{"id":"{{member.Id}}","kind":"user"}""", done["actor"]!.ToJsonString());
        Assert.Equal($$"""{"type":"user","id":"{{member.Id}}"}""", done["subject"]!.ToJsonString());
        Assert.Equal("Explaino/2.1", (string?)done["user_agent"]);
        Assert.True(IPAddress.TryParse((string?)done["ip"], out _));
        Assert.Equal(("login", "refused"), ((string?)refused["action"], (string?)refused["outcome"]));
        Assert.Equal("""{"id":null,"kind":"user"}""", refused["actor"]!.ToJsonString());
        Assert.DoesNotContain("not the password", refused.ToJsonString() + done.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_an_account_that_is_not_there_nothing_is_kept()
    {
        using var admin = host.As(await host.LogInAsAdminAsync());
        var before = await host.CountAsync("audit_entries");

        using var nobody = await host.TryLogInAsync("nobody@example.org", "not the password");

        Assert.Equal(before, await host.CountAsync("audit_entries"));
    }

    [Fact]
    public async Task What_admins_do_is_an_entry_each_and_repeating_it_none()
    {
        var login = await host.LogInAsAdminAsync();
        using var admin = host.As(login);
        var member = await host.RegisterAsync();

        for (var time = 0; time < 2; time++)
        {
            using var made = await admin.PutAsync($"/api/users/{member.Id}/roles/admin", null);
        }

        for (var time = 0; time < 2; time++)
        {
            using var removed = await admin.DeleteAsync($"/api/users/{member.Id}/roles/admin");
        }

        using var suspended = await admin.PutAsJsonAsync($"/api/users/{member.Id}/suspension", new { reason = "A secret reason" });
        using var login403 = await host.TryLogInAsync(member.Email, member.Password);
        for (var time = 0; time < 2; time++)
        {
            using var reinstated = await admin.DeleteAsync($"/api/users/{member.Id}/suspension");
        }

        await host.LogInAsync(member);
        for (var time = 0; time < 2; time++)
        {
            using var ended = await admin.DeleteAsync($"/api/admin/users/{member.Id}/sessions");
        }

        var entries = await AboutAsync(admin, member.Id);
        Assert.Equal(
            ["sessions_end", "login", "reinstatement", "login", "suspension", "admin_removal", "admin_grant"], entries.Select(entry => (string?)entry["action"]));
        Assert.Equal("refused", (string?)entries[3]["outcome"]);
        Assert.Equal($$"""{"id":"{{login.Claims["sub"]}}","kind":"admin"}""", entries[4]["actor"]!.ToJsonString());
        Assert.DoesNotContain("secret", string.Concat(entries.Select(entry => entry.ToJsonString())), StringComparison.Ordinal);
        var own = await (await admin.GetAsync($"/api/admin/audit?actor_id={login.Claims["sub"]}&action=suspension&subject_id={member.Id}")).ReadItemsAsync();
        Assert.Equal((string?)entries[4]["id"], (string?)Assert.Single(own)["id"]);
    }

    [Fact]
    public async Task A_decision_that_is_asked_for_again_is_one_entry()
    {
        using var admin = host.As(await host.LogInAsAdminAsync());
        var reported = await host.RegisterAsync();
        var (_, reporter) = await host.SomebodyAsync();
        using var report = await reporter.PostAsJsonAsync($"/api/users/{reported.Id}/reports", new { reason = "spam" });
        var found = await Eventually.GetAsync(async () =>
            await (await admin.GetAsync($"/api/moderation/cases?author_id={reported.Id}")).ReadItemsAsync() is [var only] ? only : null);
        var key = Guid.CreateVersion7().ToString();

        for (var time = 0; time < 3; time++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/moderation/cases/{found["id"]}/decision")
            {
                Content = JsonContent.Create(new { action = "remove_and_suspend", reason = "Spam" }),
            };
            request.Headers.Add("Idempotency-Key", key);
            using var decided = await admin.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, decided.StatusCode);
        }

        var entry = Assert.Single(await AboutAsync(admin, Guid.Parse((string)found["id"]!)));
        Assert.Equal("decision", (string?)entry["action"]);
        Assert.Equal("case", (string?)entry["subject"]!["type"]);
        Assert.Equal("suspension", (string?)Assert.Single(await AboutAsync(admin, reported.Id))["action"]);
    }

    [Fact]
    public async Task People_see_what_was_done_with_their_account_but_not_by_which_admin()
    {
        using var admin = host.As(await host.LogInAsAdminAsync());
        var (member, client) = await host.SomebodyAsync();
        var (_, other) = await host.SomebodyAsync();
        using var wrong = await client.PostAsJsonAsync("/api/auth/password/change", new { current_password = "wrong", new_password = "another good one" });
        using var changed = await client.PostAsJsonAsync("/api/auth/password/change", new { current_password = member.Password, new_password = "another good one" });
        using var made = await admin.PutAsync($"/api/users/{member.Id}/roles/admin", null);

        var seen = await (await client.GetAsync("/api/users/me/activity")).ReadItemsAsync();

        Assert.Equal(["admin_grant", "password_change", "password_change", "login"], seen.Select(entry => (string?)entry["action"]));
        Assert.Equal(["done", "done", "refused", "done"], seen.Select(entry => (string?)entry["outcome"]));
        Assert.Equal("""{"id":null,"kind":"admin"}""", seen[0]["actor"]!.ToJsonString());
        Assert.Null(seen[0]["ip"]);
        Assert.Equal(member.Id, (Guid?)seen[2]["actor"]!["id"]);
        Assert.Equal(["login"], (await (await other.GetAsync("/api/users/me/activity")).ReadItemsAsync()).Select(entry => (string?)entry["action"]));
        using var removed = await admin.DeleteAsync($"/api/users/{member.Id}/roles/admin");
    }

    [Fact]
    public async Task A_wrong_code_is_an_entry_and_the_reset_is_another()
    {
        using var admin = host.As(await host.LogInAsAdminAsync());
        var member = await host.RegisterAsync();
        using var asked = await host.PostAsync("/api/auth/password/forgot", new { email = member.Email });
        var code = await host.ReadCodeAsync(member.Email);

        using var wrong = await host.PostAsync("/api/auth/password/reset", new { email = member.Email, code = code == "000000" ? "000001" : "000000", new_password = "another good one" });
        using var right = await host.PostAsync("/api/auth/password/reset", new { email = member.Email, code, new_password = "another good one" });

        Assert.Equal(
            [("password_reset", "done"), ("password_reset", "refused")],
            (await AboutAsync(admin, member.Id)).Select(entry => ((string?)entry["action"], (string?)entry["outcome"])));
    }

    [Fact]
    public async Task A_deleted_person_leaves_what_was_done_and_not_from_where()
    {
        using var admin = host.As(await host.LogInAsAdminAsync());
        var (member, client) = await host.SomebodyAsync();
        using var wrong = await host.TryLogInAsync(member.Email, "wrong");
        using var deleted = await client.PostAsJsonAsync("/api/users/me/deletion", new { password = member.Password });

        // It comes late, from another service.
        await host.Environment.Broker.PublishAsync("action-audited.v1", Event(member.Id, Guid.CreateVersion7()));

        var entries = await Eventually.GetAsync(async () => await AboutAsync(admin, member.Id) is { Count: 3 } all && (await ByAsync(admin, member.Id)).Count == 3 ? all : null);
        Assert.Equal(["deletion", "login", "login"], entries.Select(entry => (string?)entry["action"]));
        Assert.All([.. entries, .. await ByAsync(admin, member.Id)], entry => Assert.True(entry["ip"] is null && entry["user_agent"] is null));
    }

    [Fact]
    public async Task What_another_service_says_is_kept_once_however_often_it_comes()
    {
        var login = await host.LogInAsAdminAsync();
        using var admin = host.As(login);
        var member = await host.RegisterAsync();
        var (first, second) = (Event(Guid.Parse((string)login.Claims["sub"]!), member.Id), Event(Guid.Parse((string)login.Claims["sub"]!), member.Id));

        foreach (var message in new[] { first, first, second, first })
        {
            await host.Environment.Broker.PublishAsync("action-audited.v1", message);
        }

        var entries = await Eventually.GetAsync(async () => await AboutAsync(admin, member.Id) is { Count: 2 } both ? both : null);
        Assert.Equal(new[] { (Guid?)first["eventId"], (Guid?)second["eventId"] }.Order(), entries.Select(entry => (Guid?)entry["id"]).Order());
        Assert.All(entries, entry => Assert.Equal("203.0.113.7", (string?)entry["ip"]));
    }

    [Fact]
    public async Task The_log_is_paged_newest_first_and_a_cursor_of_another_list_is_none()
    {
        using var admin = host.As(await host.LogInAsAdminAsync());
        var member = await host.RegisterAsync();
        for (var time = 0; time < 5; time++)
        {
            await host.LogInAsync(member);
        }

        var all = await AboutAsync(admin, member.Id);
        var page = await admin.GetObjectAsync($"/api/admin/audit?subject_id={member.Id}&limit=2");
        var rest = await admin.GetObjectAsync($"/api/admin/audit?subject_id={member.Id}&limit=100&cursor={page["next_cursor"]}");
        using var foreign = await admin.GetAsync($"/api/admin/audit?cursor={page["next_cursor"]}");

        Assert.Equal(all.Select(entry => (string?)entry["id"]).OrderDescending(), all.Select(entry => (string?)entry["id"]));
        Assert.Equal(all.Select(entry => (string?)entry["id"]), page["items"]!.AsArray().Concat(rest["items"]!.AsArray()).Select(entry => (string?)entry!["id"]));
        await foreign.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "cursor");
    }

    [Fact]
    public async Task A_verb_that_changes_something_is_an_entry_and_one_that_only_looks_is_none()
    {
        using var admin = host.As(await host.LogInAsAdminAsync());

        foreach (var words in new[] { "rotate-keys", "outbox retry", "outbox list", "errors list", "rotate-keys --nonsense" })
        {
            await ServiceVerb.RunAsync(Service.Identity, host.Environment.Settings, words.Split(' '));
        }

        var entries = await Eventually.GetAsync(async () =>
            (await (await admin.GetAsync("/api/admin/audit")).ReadItemsAsync()).Where(entry => (string?)entry["actor"]!["kind"] == "operator").ToList() is { Count: 2 } both ? both : null);
        Assert.Equal(["outbox_retry", "key_rotation"], entries.Select(entry => (string?)entry["action"]));
        Assert.All(entries, entry => Assert.Null(entry["subject"]));
    }

    private static async Task<IReadOnlyList<JsonObject>> AboutAsync(HttpClient admin, Guid subject) =>
        await (await admin.GetAsync($"/api/admin/audit?subject_id={subject}&limit=100")).ReadItemsAsync();

    private static async Task<IReadOnlyList<JsonObject>> ByAsync(HttpClient admin, Guid actor) =>
        await (await admin.GetAsync($"/api/admin/audit?actor_id={actor}&limit=100")).ReadItemsAsync();

    private static JsonObject Event(Guid actor, Guid subject)
    {
        var message = EventDocuments.Example("action-audited.v1");
        (message["eventId"], message["actorId"], message["subjectId"]) = (Guid.CreateVersion7(), actor, subject);
        return message;
    }
}
