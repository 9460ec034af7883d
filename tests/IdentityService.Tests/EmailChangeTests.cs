using System.Net;
using System.Net.Http.Json;
using Explaino.Testing;

namespace Explaino.IdentityService.Tests;

public sealed class EmailChangeTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    private static int _addresses;

    [Fact]
    public async Task An_address_is_changed_with_the_password_and_a_code_and_the_old_one_undoes_it()
    {
        var (member, client) = await host.SomebodyAsync();
        var address = NewAddress();

        using var asked = await AskAsync(client, address, member.Password);
        using var confirmed = await client.PostAsJsonAsync("/api/auth/email/confirm", new { code = await host.ReadCodeAsync(address) });

        Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
        var user = await confirmed.ReadObjectAsync();
        Assert.Equal((address, true), ((string?)user["email"], (bool)user["email_verified"]!));
        using var former = await host.TryLogInAsync(member.Email, member.Password);
        await former.IsProblemAsync(HttpStatusCode.Unauthorized, "invalid_credentials");
        var login = await host.LogInAsync(address, member.Password);

        using var undone = await UndoAsync(member.Email, await host.ReadCodeAsync(member.Email));

        Assert.Equal(HttpStatusCode.NoContent, undone.StatusCode);
        using var refreshed = await host.TryRefreshAsync(login.RefreshToken);
        Assert.Equal(HttpStatusCode.Unauthorized, refreshed.StatusCode);
        foreach (var email in new[] { address, member.Email })
        {
            using var refused = await host.TryLogInAsync(email, member.Password);
            await refused.IsProblemAsync(HttpStatusCode.Unauthorized, "invalid_credentials");
        }

        using var forgot = await host.PostAsync("/api/auth/password/forgot", new { email = member.Email });
        using var reset = await host.PostAsync(
            "/api/auth/password/reset", new { email = member.Email, code = await host.ReadCodeAsync(member.Email, mail: 2), new_password = "another battery staple" });
        Assert.Equal(HttpStatusCode.NoContent, reset.StatusCode);
        await host.LogInAsync(member.Email, "another battery staple");
    }

    [Fact]
    public async Task Without_the_password_or_the_code_nothing_changes()
    {
        var (member, client) = await host.SomebodyAsync();

        using var asked = await AskAsync(client, NewAddress(), "wrong password");
        using var bad = await AskAsync(client, "nonsense", member.Password);
        using var confirmed = await client.PostAsJsonAsync("/api/auth/email/confirm", new { code = "000000" });
        using var undone = await UndoAsync(member.Email, "000000");

        await asked.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "password");
        await bad.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "new_email");
        await confirmed.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "code");
        await undone.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "code");
        await host.LogInAsync(member);
    }

    [Fact]
    public async Task Of_a_taken_address_the_owner_is_told_and_the_asker_nothing()
    {
        var owner = await host.RegisterAsync();
        var (member, client) = await host.SomebodyAsync();

        using var asked = await AskAsync(client, owner.Email, member.Password);

        Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
        Assert.DoesNotContain(member.Email, await host.ReadNoticeAsync(owner.Email, "Somebody wants to use your email address"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_who_change_to_one_address_at_once_one_does()
    {
        var address = NewAddress();
        var people = new[] { await host.SomebodyAsync(), await host.SomebodyAsync() };
        var codes = new List<string>();
        foreach (var (member, client) in people)
        {
            using var asked = await AskAsync(client, address, member.Password);
            codes.Add(await host.ReadCodeAsync(address, mail: codes.Count + 1));
        }

        var answers = await Task.WhenAll(people.Select((person, index) => person.Client.PostAsJsonAsync("/api/auth/email/confirm", new { code = codes[index] })));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        await answers.Single(answer => answer.StatusCode != HttpStatusCode.OK).IsProblemAsync(HttpStatusCode.Conflict, "already_taken");
    }

    [Fact]
    public async Task Who_took_an_account_over_cannot_take_the_undoing_from_its_owner()
    {
        var (member, client) = await host.SomebodyAsync();
        var (second, third) = (NewAddress(), NewAddress());
        foreach (var address in new[] { second, third })
        {
            using var asked = await AskAsync(client, address, member.Password);
            using var confirmed = await client.PostAsJsonAsync("/api/auth/email/confirm", new { code = await host.ReadCodeAsync(address) });
            Assert.Equal(HttpStatusCode.OK, confirmed.StatusCode);
        }

        using var thiefs = await UndoAsync(second, await host.ReadCodeAsync(second, mail: 2));
        using var owners = await UndoAsync(member.Email, await host.ReadCodeAsync(member.Email));

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent), (thiefs.StatusCode, owners.StatusCode));
        using var forgot = await host.PostAsync("/api/auth/password/forgot", new { email = member.Email });
        await host.ReadCodeAsync(member.Email, mail: 2);
    }

    [Fact]
    public async Task What_was_mailed_to_the_old_address_before_is_worthless()
    {
        var (member, client) = await host.SomebodyAsync();
        var address = NewAddress();
        using var forgot = await host.PostAsync("/api/auth/password/forgot", new { email = member.Email });
        var code = await host.ReadCodeAsync(member.Email);
        using var asked = await AskAsync(client, address, member.Password);
        using var confirmed = await client.PostAsJsonAsync("/api/auth/email/confirm", new { code = await host.ReadCodeAsync(address) });

        using var reset = await host.PostAsync("/api/auth/password/reset", new { email = address, code, new_password = "another battery staple" });

        await reset.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "code");
    }

    [Fact]
    public async Task What_happens_to_an_account_is_told_by_mail()
    {
        using var admin = host.As(await host.LogInAsAdminAsync());
        var (member, client) = await host.SomebodyAsync();
        using var phone = host.Anonymous();
        phone.DefaultRequestHeaders.UserAgent.ParseAdd("Phone/1.0");
        for (var i = 0; i < 2; i++)
        {
            using var login = await phone.PostAsJsonAsync("/api/auth/token", new { email = member.Email, password = member.Password });
            Assert.Equal(HttpStatusCode.OK, login.StatusCode);
        }

        using var ended = await client.DeleteAsync("/api/auth/sessions");
        using var changed = await client.PostAsJsonAsync("/api/auth/password/change", new { current_password = member.Password, new_password = "another battery staple" });
        using var suspended = await admin.PutAsJsonAsync($"/api/users/{member.Id}/suspension", new { reason = "Spam" });

        Assert.Contains("Phone/1.0", await host.ReadNoticeAsync(member.Email, "A new device uses your Explaino account"), StringComparison.Ordinal);
        await host.ReadNoticeAsync(member.Email, "Your Explaino sessions were ended");
        await host.ReadNoticeAsync(member.Email, "Your Explaino password was changed");
        Assert.Contains("for good", await host.ReadNoticeAsync(member.Email, "Your Explaino account is suspended"), StringComparison.Ordinal);
        Assert.Equal(4, (await host.MailsToAsync(member.Email)).Count);
    }

    private static string NewAddress() => $"new{Interlocked.Increment(ref _addresses)}.{Guid.CreateVersion7():n}@example.org";

    private static Task<HttpResponseMessage> AskAsync(HttpClient client, string address, string password) =>
        client.PostAsJsonAsync("/api/auth/email/change", new { new_email = address, password });

    private Task<HttpResponseMessage> UndoAsync(string email, string code) => host.PostAsync("/api/auth/email/undo", new { email, code });
}
