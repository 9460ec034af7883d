using System.Net;
using Explaino.Testing;

namespace Explaino.IdentityService.Tests;

public sealed class StartTests
{
    private static readonly Dictionary<string, string?> Production = new()
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
        ["Keys:EncryptionKey"] = Convert.ToBase64String(new byte[32]),
        ["Mail:Host"] = "mail.example.org",
        ["Storage:Folder"] = Path.Combine(Path.GetTempPath(), "explaino-tests", "identity"),
    };

    [Fact]
    public async Task Production_starts_with_its_settings_and_makes_no_admin_unasked()
    {
        await using var environment = await ServiceEnvironment.CreateAsync(Service.Identity);

        await using var process = await ServiceProcess.StartAsync(Service.Identity, Merge(environment.Settings, Production));

        using var login = await process.Client.PostAsync(
            "/api/auth/token",
            new StringContent("""{"email":"admin@explaino.local","password":"Admin-Passw0rd!"}""", null, "application/json"));
        await login.IsProblemAsync(HttpStatusCode.Unauthorized, "invalid_credentials");
    }

    [Theory]
    [InlineData("Keys:EncryptionKey", null, "Keys:EncryptionKey must be set")]
    [InlineData("Keys:EncryptionKey", "c2hvcnQ=", "Keys:EncryptionKey must be set")]
    [InlineData("Keys:EncryptionKey", "ZXhwbGFpbm8gZGV2ZWxvcG1lbnQga2V5LCBwdWJsaWM=", "Keys:EncryptionKey must not be the one of Development")]
    [InlineData("Passwords:MemorySize", "19455", "Passwords:MemorySize must be at least 19456")]
    [InlineData("Passwords:Passes", "1", "Passwords:Passes must be at least 2")]
    [InlineData("Storage:Folder", null, "Storage:Folder must be set")]
    [InlineData("Mail:Host", null, "Mail:Host must be set")]
    [InlineData("Mail:From", "Explaino", "Mail:From must be an email address")]
    [InlineData("Admin:Email", "admin@example.org", "Admin:Password must be set")]
    public async Task Production_does_not_start_with_unsafe_settings(string setting, string? value, string reason)
    {
        await using var environment = await ServiceEnvironment.CreateAsync(Service.Identity);
        var settings = Merge(environment.Settings, Production);
        settings[setting] = value;

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => ServiceProcess.StartAsync(Service.Identity, settings));

        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_starts_without_its_database_and_makes_the_admin_when_that_comes()
    {
        using var postgres = await PostgresServer.StartPrivateAsync();
        await using var environment = await ServiceEnvironment.CreateAsync(Service.Identity, postgres);
        await postgres.StopAsync();
        await using var host = new IdentityHost(environment);
        await host.InitializeAsync();

        using var early = await host.TryLogInAsync("admin@explaino.local", "Admin-Passw0rd!");
        await early.IsProblemAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
        Assert.NotNull(early.Headers.RetryAfter);

        await postgres.StartAsync();
        await host.LogInAsAdminAsync();
    }

    private static Dictionary<string, string?> Merge(IReadOnlyDictionary<string, string?> first, Dictionary<string, string?> second) =>
        first.Concat(second).ToDictionary(setting => setting.Key, setting => setting.Value);
}
