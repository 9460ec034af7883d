using System.Net;
using Explaino.Testing;

namespace Explaino.IdentityService.Tests;

/// <summary>A restored backup is a past in which sessions still ran, tokens were unspent and admins were admins: the verb <c>after-restore</c>.</summary>
public sealed class AfterRestoreTests
{
    [Fact]
    public async Task What_a_backup_would_revive_is_ended_and_the_admins_are_listed()
    {
        await using var environment = await ServiceEnvironment.CreateAsync(Service.Identity);
        await using var host = new IdentityHost(environment);
        await host.InitializeAsync();
        await host.LogInAsAdminAsync();
        var member = await host.RegisterAsync();
        var login = await host.LogInAsync(member);
        using var forgot = await host.PostAsync("/api/auth/password/forgot", new { email = member.Email });
        var code = await host.ReadCodeAsync(member.Email);

        var output = (await ServiceVerb.RunAsync(Service.Identity, environment.Settings, "after-restore")).Output;

        Assert.Contains("Sessions ended: 2", output, StringComparison.Ordinal);
        Assert.Contains("Codes deleted: 1", output, StringComparison.Ordinal);
        Assert.Contains("administrator", output, StringComparison.Ordinal);
        using var refreshed = await host.TryRefreshAsync(login.RefreshToken);
        await refreshed.IsProblemAsync(HttpStatusCode.Unauthorized, "refresh_token_invalid");
        using var anyone = host.Anonymous();
        Assert.Contains(login.SessionId.ToString(), await anyone.GetStringAsync("/internal/revoked-sessions"), StringComparison.Ordinal);
        using var reset = await host.PostAsync("/api/auth/password/reset", new { email = member.Email, code, new_password = "a wholly new password" });
        await reset.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "code");
        var next = await Eventually.GetAsync(
            async () => await host.LogInAsync(member) is { } again && (string?)again.Header["kid"] != (string?)login.Header["kid"] ? again : null,
            TimeSpan.FromSeconds(10));
        Assert.Equal([(string)next.Header["kid"]!], await KeyTests.KeyIdsAsync(host));
    }
}
