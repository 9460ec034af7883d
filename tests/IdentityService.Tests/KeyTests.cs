using System.Net;
using Explaino.Testing;
using Npgsql;

namespace Explaino.IdentityService.Tests;

public sealed class KeyTests
{
    [Fact]
    public async Task Several_instances_that_start_at_once_agree_on_one_key_and_one_admin()
    {
        await using var environment = await ServiceEnvironment.CreateAsync(Service.Identity);
        var hosts = Enumerable.Range(0, 3).Select(_ => new IdentityHost(environment)).ToList();
        await Task.WhenAll(hosts.Select(host => host.InitializeAsync().AsTask()));

        var logins = await Task.WhenAll(hosts.Select(host => host.LogInAsAdminAsync()));

        var published = await Task.WhenAll(hosts.Select(KeyIdsAsync));
        Assert.All(published, ids => Assert.Equal([(string)logins[0].Header["kid"]!], ids));
        Assert.Single(logins.Select(login => (string?)login.Claims["sub"]).Distinct());
        using var elsewhere = hosts[1].As(logins[0]);
        Assert.Equal(HttpStatusCode.OK, (await elsewhere.GetAsync("/api/users/me")).StatusCode);
        foreach (var host in hosts)
        {
            await host.DisposeAsync();
        }
    }

    [Fact]
    public async Task An_operator_rotates_the_keys_and_former_tokens_stay_good_until_they_expire()
    {
        await using var environment = await ServiceEnvironment.CreateAsync(Service.Identity);
        await using var host = new IdentityHost(environment);
        await host.InitializeAsync();
        var member = await host.RegisterAsync();
        var before = await host.LogInAsync(member);

        Assert.Contains("signs from", (await host.RunVerbInProcessAsync("rotate-keys")).Output, StringComparison.Ordinal);

        // Whoever fetched the keys just before the rotation may use them for as long as their answer said: only then does the new one sign.
        using var anyone = host.Anonymous();
        using var keys = await anyone.GetAsync("/.well-known/jwks.json");
        host.Clock.Advance(keys.Headers.CacheControl!.MaxAge!.Value);
        Assert.Equal((string?)before.Header["kid"], (string?)(await host.LogInAsync(member)).Header["kid"]);
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        var after = await host.LogInAsync(member);
        Assert.NotEqual((string?)before.Header["kid"], (string?)after.Header["kid"]);
        foreach (var login in new[] { before, after })
        {
            using var client = host.As(login);
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/users/me")).StatusCode);
        }

        Assert.Equal([(string)before.Header["kid"]!, (string)after.Header["kid"]!], await KeyIdsAsync(host));
    }

    [Fact]
    public async Task A_key_that_others_know_is_worthless_within_ten_seconds()
    {
        await using var environment = await ServiceEnvironment.CreateAsync(Service.Identity);
        await using var host = new IdentityHost(environment);
        await host.InitializeAsync();
        var member = await host.RegisterAsync();
        var before = await host.LogInAsync(member);
        using var client = host.As(before);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/users/me")).StatusCode);

        Assert.Contains("signs at once", (await host.RunVerbInProcessAsync("rotate-keys", "--compromised")).Output, StringComparison.Ordinal);

        await Eventually.TrueAsync(
            async () => (await client.GetAsync("/api/users/me")).StatusCode == HttpStatusCode.Unauthorized, TimeSpan.FromSeconds(10));
        var after = await host.RefreshAsync(before);
        Assert.Equal([(string)after.Header["kid"]!], await KeyIdsAsync(host));
        using var again = host.As(after);
        Assert.Equal(HttpStatusCode.OK, (await again.GetAsync("/api/users/me")).StatusCode);
    }

    [Fact]
    public async Task A_withdrawn_key_signs_no_more_also_where_the_clock_was_set_back()
    {
        await using var environment = await ServiceEnvironment.CreateAsync(Service.Identity);
        await using var host = new IdentityHost(environment);
        await host.InitializeAsync();
        var member = await host.RegisterAsync();
        var before = (string?)(await host.LogInAsync(member)).Header["kid"];
        host.Clock.SetBy(TimeSpan.FromHours(-1));

        Assert.Contains("signs at once", (await ServiceVerb.RunAsync(Service.Identity, environment.Settings, "rotate-keys", "--compromised")).Output, StringComparison.Ordinal);

        await Eventually.TrueAsync(async () => (string?)(await host.LogInAsync(member)).Header["kid"] != before, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task The_calendar_rotates_too_and_announces_the_next_key_a_day_before()
    {
        await using var environment = await ServiceEnvironment.CreateAsync(Service.Identity);
        await using var host = new IdentityHost(environment);
        await host.InitializeAsync();
        var member = await host.RegisterAsync();
        var first = (string)(await host.LogInAsync(member)).Header["kid"]!;

        host.Clock.Advance(TimeSpan.FromDays(29) + TimeSpan.FromMinutes(1));
        Assert.Equal(first, (string?)(await host.LogInAsync(member)).Header["kid"]);
        var announced = await KeyIdsAsync(host);
        host.Clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal(2, announced.Count);
        Assert.Equal(announced[1], (string?)(await host.LogInAsync(member)).Header["kid"]);
    }

    [Fact]
    public async Task The_private_key_is_not_readable_in_the_database_nor_published()
    {
        await using var environment = await ServiceEnvironment.CreateAsync(Service.Identity);
        await using var host = new IdentityHost(environment);
        await host.InitializeAsync();
        using var client = host.Anonymous();

        using var response = await client.GetAsync("/.well-known/jwks.json");

        var key = Assert.Single((await response.ReadObjectAsync())["keys"]!.AsArray())!.AsObject();
        Assert.Equal(["alg", "crv", "kid", "kty", "use", "x", "y"], key.Select(member => member.Key).Order(StringComparer.Ordinal));
        Assert.True(response.Headers.CacheControl!.Public);
        await using var database = NpgsqlDataSource.Create(environment.Database.SuperuserConnectionString);
        await using var command = database.CreateCommand("SELECT private_key FROM signing_keys");
        var stored = (byte[])(await command.ExecuteScalarAsync())!;
        using var pair = System.Security.Cryptography.ECDsa.Create();
        Assert.ThrowsAny<System.Security.Cryptography.CryptographicException>(() => pair.ImportPkcs8PrivateKey(stored, out _));
    }

    [Fact]
    public async Task The_configuration_leads_to_the_keys()
    {
        await using var environment = await ServiceEnvironment.CreateAsync(Service.Identity);
        await using var host = new IdentityHost(environment);
        await host.InitializeAsync();
        using var client = host.Anonymous();

        var configuration = await client.GetObjectAsync("/.well-known/openid-configuration");

        Assert.Equal(environment.Settings["Authentication:Issuer"], (string?)configuration["issuer"]);
        Assert.Equal($"{environment.Settings["Authentication:Issuer"]}/.well-known/jwks.json", (string?)configuration["jwks_uri"]);
    }

    internal static async Task<IReadOnlyList<string>> KeyIdsAsync(IdentityHost host)
    {
        using var client = host.Anonymous();
        return [.. (await client.GetObjectAsync("/.well-known/jwks.json"))["keys"]!.AsArray().Select(key => (string)key!["kid"]!)];
    }
}
