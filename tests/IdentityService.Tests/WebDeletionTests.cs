using System.Net;
using System.Net.Http.Json;
using Explaino.Testing;

namespace Explaino.IdentityService.Tests;

/// <summary>Deletion from the web: by whoever reads the account's mailbox.</summary>
public sealed class WebDeletionTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_mailed_code_deletes_the_account_suspended_or_not(bool suspended)
    {
        var member = await host.RegisterAsync();
        var login = await host.LogInAsync(member);
        var deletions = await PublishedEvents.ListenAsync(host.Environment.Broker, "user-deleted.v1");
        if (suspended)
        {
            using var admin = host.As(await host.LogInAsAdminAsync());
            using var response = await admin.PutAsJsonAsync($"/api/users/{member.Id}/suspension", new { reason = "Spam" });
            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        }

        using var requested = await host.PostAsync("/api/auth/deletion/request", new { email = member.Email.ToUpperInvariant() });
        using var confirmed = await ConfirmAsync(member.Email, await host.ReadCodeAsync(member.Email));

        Assert.Equal(HttpStatusCode.Accepted, requested.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, confirmed.StatusCode);
        Assert.Single(await deletions.AboutAsync(member.Id));
        using var client = host.As(login);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/users/me")).StatusCode);
        using var again = await host.TryLogInAsync(member.Email, member.Password);
        await again.IsProblemAsync(HttpStatusCode.Unauthorized, "invalid_credentials");
    }

    [Fact]
    public async Task A_stranger_learns_nothing_and_guesses_five_times()
    {
        var member = await host.RegisterAsync();
        using var known = await host.PostAsync("/api/auth/deletion/request", new { email = member.Email });
        using var unknown = await host.PostAsync("/api/auth/deletion/request", new { email = "nobody@example.org" });
        var code = await host.ReadCodeAsync(member.Email);
        var wrong = code == "000000" ? "000001" : "000000";

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (known.StatusCode, unknown.StatusCode));
        await (await ConfirmAsync("nobody@example.org", code)).IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "code");
        for (var i = 0; i < 5; i++)
        {
            await (await ConfirmAsync(member.Email, wrong)).IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "code");
        }

        await (await ConfirmAsync(member.Email, code)).IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "code");
        await host.LogInAsync(member);
    }

    [Fact]
    public async Task A_code_is_good_for_what_it_was_mailed_for()
    {
        var member = await host.RegisterAsync();
        using var forgot = await host.PostAsync("/api/auth/password/forgot", new { email = member.Email });
        var reset = await host.ReadCodeAsync(member.Email);
        using var requested = await host.PostAsync("/api/auth/deletion/request", new { email = member.Email });
        var deletion = await host.ReadCodeAsync(member.Email, mail: 2);

        using var deleted = await ConfirmAsync(member.Email, reset);
        using var changed = await host.PostAsync("/api/auth/password/reset", new { email = member.Email, code = deletion, new_password = "another battery staple" });

        await deleted.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "code");
        await changed.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "code");
        await host.LogInAsync(member);
    }

    [Fact]
    public async Task The_last_admin_stays_and_the_code_is_still_good()
    {
        await host.LogInAsAdminAsync();
        using var requested = await host.PostAsync("/api/auth/deletion/request", new { email = "admin@explaino.local" });
        var code = await host.ReadCodeAsync("admin@explaino.local");

        for (var i = 0; i < 2; i++)
        {
            using var confirmed = await ConfirmAsync("admin@explaino.local", code);
            await confirmed.IsProblemAsync(HttpStatusCode.Conflict, "last_admin");
        }
    }

    private Task<HttpResponseMessage> ConfirmAsync(string email, string code) => host.PostAsync("/api/auth/deletion/confirm", new { email, code });
}
