using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Explaino.Security.Tests.Browser;
using Explaino.Testing;

namespace Explaino.Security.Tests;

/// <summary>
/// What the stores demand of an app whose users write for each other: Apple's App Review Guidelines (1.2, 5.1.1) and Google Play's policies on
/// user-generated content and account deletion. A test for each demand, named by it, through the gateway as an app goes.
/// </summary>
public sealed partial class StoreReviewTests(SecuritySystem system)
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Apple_1_2_offensive_content_can_be_reported_and_is_taken_away_for_everybody()
    {
        var admin = await system.AdminAsync();
        var (author, reader) = (await system.RegisterAsync(), await system.RegisterAsync());
        var job = await PostAsync(author, "/api/jobs", new { title = "Bad", description = "Worse." });
        using var reported = await reader.PostAsync($"/api/jobs/{job}/reports", new { reason = "hate", note = "Read it." });
        Assert.Equal(HttpStatusCode.Accepted, reported.StatusCode);
        var found = await Eventually.GetAsync(async () =>
            (await (await admin.Client.GetAsync($"/api/moderation/cases?state=open&author_id={author.Id}")).ReadItemsAsync()).SingleOrDefault());

        using var decided = await admin.PostAsync($"/api/moderation/cases/{found["id"]}/decision", new { action = "remove", reason = "Hate" });

        Assert.Equal("removed", (string?)(await decided.ReadObjectAsync())["state"]);
        await Eventually.TrueAsync(async () => (await reader.Client.GetAsync($"/api/jobs/{job}")).StatusCode == HttpStatusCode.NotFound, Promised);
    }

    [Fact]
    public async Task Apple_1_2_abusive_users_can_be_blocked()
    {
        var (author, reader) = (await system.RegisterAsync(), await system.RegisterAsync());
        var job = await PostAsync(author, "/api/jobs", new { title = "Offer", description = "Of work." });

        using var blocked = await author.Client.PutAsync($"/api/users/me/blocks/{reader.Id}", null);

        Assert.Equal(HttpStatusCode.NoContent, blocked.StatusCode);
        await Eventually.TrueAsync(
            async () => (await reader.PostAsync($"/api/jobs/{job}/comments", new { content = "Again" })).StatusCode == HttpStatusCode.Conflict, Promised);
    }

    [Fact]
    public async Task Google_ugc_abusive_users_are_removed_from_every_service_and_from_live_connections()
    {
        var admin = await system.AdminAsync();
        var person = await system.RegisterAsync();
        var (key, job, token) = (Guid.CreateVersion7(), new { title = "Offer", description = "Of work." }, person.Client.DefaultRequestHeaders.Authorization!.Parameter!);
        using var posted = await person.PostAsync("/api/jobs", job, key);
        Assert.Equal(HttpStatusCode.Created, posted.StatusCode);
        await using var device = await HubClient.ConnectAsync(system.Gateway.BaseAddress!, token);

        using var suspended = await admin.Client.PutAsJsonAsync($"/api/users/{person.Id}/suspension", new { reason = "Abuse" });

        Assert.Equal(HttpStatusCode.NoContent, suspended.StatusCode);
        using var refreshed = await system.Gateway.PostAsJsonAsync("/api/auth/token/refresh", new { refresh_token = person.RefreshToken });
        await refreshed.IsProblemAsync(HttpStatusCode.Unauthorized, "refresh_token_invalid");
        using var login = await system.Gateway.PostAsJsonAsync("/api/auth/token", new { email = person.Email, password = ExplainoSystem.Password });
        Assert.Equal("forever", (string?)(await login.IsProblemAsync(HttpStatusCode.Forbidden, "account_suspended"))["until"]);
        await device.Closed.WaitAsync(Promised * 2);
        foreach (var path in new[] { "/api/users/me", "/api/wallet", "/api/profiles?q=ada", "/api/jobs", "/api/chats" })
        {
            await Eventually.TrueAsync(async () => await StatusAsync(path, token) == HttpStatusCode.Unauthorized, Promised, path);
        }

        // What was answered once is not answered again, and no new connection begins.
        using var replayed = await person.PostAsync("/api/jobs", job, key);
        Assert.Equal(HttpStatusCode.Unauthorized, replayed.StatusCode);
        await Assert.ThrowsAnyAsync<Exception>(() => HubClient.ConnectAsync(system.Gateway.BaseAddress!, token));
    }

    [Fact]
    public async Task Apple_5_1_1_v_an_account_can_be_deleted_in_the_app()
    {
        var person = await system.RegisterAsync();

        using var deleted = await person.Client.PostAsJsonAsync("/api/users/me/deletion", new { password = ExplainoSystem.Password });

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var login = await system.Gateway.PostAsJsonAsync("/api/auth/token", new { email = person.Email, password = ExplainoSystem.Password });
        await login.IsProblemAsync(HttpStatusCode.Unauthorized, "invalid_credentials");
    }

    /// <summary>By forms alone: nothing of the page is a script, and nothing comes from elsewhere.</summary>
    [Fact]
    public async Task Google_account_deletion_is_possible_from_the_web_without_the_app()
    {
        var person = await system.RegisterAsync();
        using var browser = new HttpClient { BaseAddress = system.Gateway.BaseAddress };

        using var shown = await browser.GetAsync("/account/delete");
        using var asked = await browser.PostAsync("/account/delete", Form(("email", person.Email)));
        var code = await Eventually.GetAsync(async () => (await MailsToAsync(person.Email)).Select(text => Code().Match(text)).FirstOrDefault(match => match.Success)?.Value);
        using var wrong = await browser.PostAsync("/account/delete", Form(("email", person.Email), ("code", code == "000000" ? "000001" : "000000")));
        using var deleted = await browser.PostAsync("/account/delete", Form(("email", person.Email), ("code", code)));

        foreach (var (page, status) in new[] { (shown, HttpStatusCode.OK), (asked, HttpStatusCode.OK), (wrong, HttpStatusCode.BadRequest), (deleted, HttpStatusCode.OK) })
        {
            var html = await page.Content.ReadAsStringAsync();
            Assert.Equal(status, page.StatusCode);
            Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
            Assert.DoesNotMatch("<script| on[a-z]+=|style=|//", html);
            var policy = page.Headers.GetValues("Content-Security-Policy").Single();
            Assert.StartsWith("default-src 'none'; style-src 'sha256-", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.False(page.Headers.Contains("Set-Cookie"));
        }

        Assert.Contains("Your account is deleted", await deleted.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var login = await system.Gateway.PostAsJsonAsync("/api/auth/token", new { email = person.Email, password = ExplainoSystem.Password });
        await login.IsProblemAsync(HttpStatusCode.Unauthorized, "invalid_credentials");
    }

    /// <summary>As a person does it, in a browser that runs no scripts; nothing of the page breaks its own policy.</summary>
    [Fact]
    public async Task Google_account_deletion_works_in_a_browser_without_scripts()
    {
        var person = await system.RegisterAsync();
        await using var browser = await Chromium.StartAsync();

        await browser.OpenAsync(new Uri(system.Gateway.BaseAddress!, "/account/delete"));
        await browser.SendAsync("email", person.Email);
        var code = await Eventually.GetAsync(async () => (await MailsToAsync(person.Email)).Select(text => Code().Match(text)).FirstOrDefault(match => match.Success)?.Value);
        await browser.SendAsync("code", code);

        Assert.Contains("Your account is deleted", await browser.HtmlAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(browser.Complaints, complaint => !complaint.Contains("favicon", StringComparison.Ordinal));
        using var login = await system.Gateway.PostAsJsonAsync("/api/auth/token", new { email = person.Email, password = ExplainoSystem.Password });
        await login.IsProblemAsync(HttpStatusCode.Unauthorized, "invalid_credentials");
    }

    [Fact]
    public async Task The_page_of_deletion_tells_nobody_who_has_an_account_and_repeats_nothing_as_html()
    {
        var person = await system.RegisterAsync();
        using var browser = new HttpClient { BaseAddress = system.Gateway.BaseAddress };

        using var known = await browser.PostAsync("/account/delete", Form(("email", person.Email)));
        using var unknown = await browser.PostAsync("/account/delete", Form(("email", "nobody@example.org")));
        using var hostile = await browser.PostAsync("/account/delete", Form(("email", "<b>\"x\"</b>@example.org"), ("code", "1")));
        using var none = await browser.PostAsync("/account/delete", JsonContent.Create(new { email = person.Email }));

        Assert.Equal(
            (await known.Content.ReadAsStringAsync()).Replace(person.Email, "", StringComparison.Ordinal),
            (await unknown.Content.ReadAsStringAsync()).Replace("nobody@example.org", "", StringComparison.Ordinal));
        Assert.DoesNotContain("<b>", await hostile.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, none.StatusCode);
    }

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) =>
        new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));

    private async Task<IEnumerable<string>> MailsToAsync(string email)
    {
        var texts = await Task.WhenAll(Directory.GetFiles(system.Folder("mail"), "*.eml").Select(file => File.ReadAllTextAsync(file)));
        return texts.Where(text => text.Contains($"To: {email}", StringComparison.OrdinalIgnoreCase));
    }

    [GeneratedRegex(@"(?<=^\s+)\d{6}(?=\s*$)", RegexOptions.Multiline)]
    private static partial Regex Code();

    private static async Task<Guid> PostAsync(Member member, string path, object body)
    {
        using var response = await member.PostAsync(path, body);
        return (Guid)(await response.ReadObjectAsync(HttpStatusCode.Created))["id"]!;
    }

    private async Task<HttpStatusCode> StatusAsync(string path, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await system.Gateway.SendAsync(request);
        return response.StatusCode;
    }
}
