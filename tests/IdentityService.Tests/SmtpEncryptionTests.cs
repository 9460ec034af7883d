using System.Net.Http.Json;
using Explaino.Testing;

namespace Explaino.IdentityService.Tests;

/// <summary>STARTTLS: taken wherever it is offered, insisted on where a password is sent or the setting says so.</summary>
public sealed class SmtpEncryptionTests
{
    private static readonly (string, string?)[] Insisting = [("Mail:RequireTls", "true")];
    private static readonly (string, string?)[] SigningIn = [("Mail:UserName", "explaino"), ("Mail:Password", "between us")];

    [Fact]
    public async Task It_is_taken_where_it_is_offered_whoever_made_the_certificate()
    {
        using var certificate = SmtpServer.MakeCertificate();
        using var server = new SmtpServer { Certificate = certificate };
        await using var host = new SmtpHost(server, new TestClock());
        await host.InitializeAsync();

        await host.AskForCodeAsync();

        await Eventually.TrueAsync(() => server.Mails.Count == 1);
        Assert.True(server.Mails.Single().Encrypted);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Where_it_is_insisted_on_nothing_goes_to_a_server_without_it_or_with_a_certificate_of_nobodys(bool offered, bool signsIn)
    {
        using var certificate = SmtpServer.MakeCertificate();
        using var server = new SmtpServer { Certificate = offered ? certificate : null };
        await using var host = new SmtpHost(server, new TestClock(), signsIn ? SigningIn : Insisting);
        await host.InitializeAsync();

        await host.AskForCodeAsync();

        await Eventually.TrueAsync(() => host.Log.Contains("A mail could not be sent", StringComparison.Ordinal));
        Assert.DoesNotContain(server.Commands, command => command.StartsWith("AUTH", StringComparison.Ordinal) || command.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_it_is_insisted_on_a_certificate_that_is_trusted_will_do()
    {
        using var certificate = SmtpServer.MakeCertificate();
        using var server = new SmtpServer { Certificate = certificate };
        var trusted = Path.GetTempFileName();
        await File.WriteAllTextAsync(trusted, certificate.ExportCertificatePem());

        var log = await SendAsync(server, [.. SigningIn, .. Insisting, ("SSL_CERT_FILE", trusted)]);

        Assert.Equal((true, true), (server.Mails.Single().Encrypted, server.Mails.Single().Authenticated));
        Assert.DoesNotContain("not encrypted", log, StringComparison.Ordinal);
        File.Delete(trusted);
    }

    [Fact]
    public async Task Outside_Development_a_server_without_it_is_warned_of()
    {
        using var server = new SmtpServer();

        var log = await SendAsync(
            server, ("ASPNETCORE_ENVIRONMENT", "Production"), ("Keys:EncryptionKey", Convert.ToBase64String(new byte[32])), ("Passwords:MemorySize", "19456"),
            ("Storage:Folder", Path.Combine(Path.GetTempPath(), "explaino-tests", "identity")));

        Assert.False(server.Mails.Single().Encrypted);
        Assert.Contains("Mail is not encrypted on its way to the mail server", log, StringComparison.Ordinal);
    }

    /// <summary>By a process of its own: it alone has its own environment.</summary>
    /// <returns>What it logged.</returns>
    private static async Task<string> SendAsync(SmtpServer server, params (string Name, string? Value)[] settings)
    {
        await using var environment = await ServiceEnvironment.CreateAsync(Service.Identity);
        var all = environment.Settings.Concat(SmtpHost.Settings(server, settings)).ToDictionary(setting => setting.Key, setting => setting.Value);
        await using var process = await ServiceProcess.StartAsync(Service.Identity, all);
        var registration = IdentityHost.NewRegistration();
        using var registered = await process.Client.PostAsJsonAsync("/api/auth/register", registration);
        using var asked = await process.Client.PostAsJsonAsync("/api/auth/password/forgot", new { email = (string)registration["email"]! });
        await Eventually.TrueAsync(() => server.Mails.Count == 1, TimeSpan.FromSeconds(60));
        await process.StopAsync();
        return process.Log;
    }
}
