using System.Text.RegularExpressions;
using Explaino.Testing;
using Npgsql;

namespace Explaino.IdentityService.Tests;

/// <summary>What arrives at a strict SMTP server, and what happens where it does not take a mail.</summary>
public sealed partial class SmtpTests : IAsyncDisposable
{
    private readonly TestClock _clock = new();
    private SmtpHost? _host;

    [Fact]
    public async Task A_mail_arrives_complete_and_byte_for_byte_as_written()
    {
        using var server = new SmtpServer();
        var host = await StartAsync(server);

        var email = await host.AskForCodeAsync();

        await Eventually.TrueAsync(() => server.Mails.Count == 1);
        var mail = server.Mails.Single();
        Assert.Equal(("hello@explaino.example", email), (mail.Sender, mail.Recipient));
        Assert.Equal(Expected(email), WithoutWhatDiffers(mail.Text));
        Assert.Contains("EHLO explaino.example", server.Commands);
    }

    [Fact]
    public async Task What_is_picked_up_is_what_would_have_been_sent()
    {
        await using var host = new IdentityHost();
        await host.InitializeAsync();
        var member = await host.RegisterAsync();
        using var asked = await host.PostAsync("/api/auth/password/forgot", new { email = member.Email });

        var mail = await Eventually.GetAsync(async () => (await host.MailsToAsync(member.Email)).SingleOrDefault());

        Assert.Equal(Expected(member.Email).Replace("From: Explaino <hello@explaino.example>", "From: no-reply@explaino.local"), WithoutWhatDiffers(mail));
    }

    [Fact]
    public async Task A_mail_that_the_server_did_not_take_is_sent_again_until_it_does()
    {
        using var server = new SmtpServer();
        var host = await StartAsync(server);

        // More refusals than codes are made in an hour: trying again is not asking again.
        server.Refusals = 7;
        var email = await host.AskForCodeAsync();

        await Eventually.TrueAsync(
            () =>
            {
                _clock.Advance(TimeSpan.FromMinutes(1));
                return server.Mails.Count > 0;
            },
            TimeSpan.FromSeconds(60));
        Assert.Equal(email, Assert.Single(server.Mails).Recipient);
    }

    [Fact]
    public async Task A_mail_that_the_server_took_is_not_sent_again_though_it_never_said_goodbye()
    {
        using var server = new SmtpServer { HangsAtTheEnd = true };
        var host = await StartAsync(server);

        await host.AskForCodeAsync();

        await Eventually.TrueAsync(() => server.Mails.Count == 1);
        await Eventually.TrueAsync(async () => await CountWaitingAsync(host) == 0);
    }

    [Fact]
    public async Task Recipients_whose_servers_hang_hold_nobody_else()
    {
        using var server = new SmtpServer();
        var host = await StartAsync(server);
        for (var i = 0; i < 5; i++)
        {
            var registration = IdentityHost.NewRegistration();
            server.Hang((string)registration["email"]!);
            await host.AskForCodeAsync(registration);
        }

        await Eventually.TrueAsync(() => server.Commands.Count(line => line.StartsWith("RCPT", StringComparison.Ordinal)) == 5);
        var email = await host.AskForCodeAsync();

        await Eventually.TrueAsync(() => server.Mails.Count == 1, TimeSpan.FromSeconds(10));
        Assert.Equal(email, server.Mails.Single().Recipient);
    }

    [Fact]
    public async Task A_refusal_is_logged_by_its_status_and_not_by_its_text_which_names_the_recipient()
    {
        using var server = new SmtpServer();
        var host = await StartAsync(server);
        var registration = IdentityHost.NewRegistration();
        var email = (string)registration["email"]!;
        server.Refuse(email, $"550 5.1.1 <{email}>: no such user");

        await host.AskForCodeAsync(registration);

        await Eventually.TrueAsync(() => host.Log.Contains("SmtpCommandException 550", StringComparison.Ordinal));
        Assert.DoesNotContain(email, host.Log, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("no such user", host.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "grüße@bücher.example", "grüße@bücher.example")]
    [InlineData(true, "jo@xn--bcher-kva.example", "jo@bücher.example")]
    [InlineData(false, "jo@xn--bcher-kva.example", "jo@xn--bcher-kva.example")]
    public async Task An_international_address_is_written_as_the_server_can_read_it(bool international, string email, string recipient)
    {
        using var server = new SmtpServer { TakesInternationalAddresses = international };
        var host = await StartAsync(server, ("Mail:From", "Größe <post@bücher.example>"));
        var former = await host.AskForCodeAsync();
        await Eventually.TrueAsync(() => server.Mails.Count == 1);
        await MoveToAsync(host, former, email);

        await host.AskForCodeAsync(email);

        await Eventually.TrueAsync(() => server.Mails.Count == 2);
        Assert.Equal(recipient, server.Mails.Last().Recipient);
    }

    [Fact]
    public async Task An_international_address_that_the_server_cannot_read_holds_nobody_else()
    {
        using var server = new SmtpServer();
        var host = await StartAsync(server);
        await MoveToAsync(host, await host.AskForCodeAsync(), "grüße@bücher.example");
        await host.AskForCodeAsync("grüße@bücher.example");

        var email = await host.AskForCodeAsync();

        await Eventually.TrueAsync(() => server.Mails.Any(mail => mail.Recipient == email));
        Assert.DoesNotContain(server.Mails, mail => mail.Recipient.StartsWith("gr", StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
    }

    private async Task<SmtpHost> StartAsync(SmtpServer server, params (string Name, string? Value)[] settings)
    {
        _host = new(server, _clock, settings);
        await _host.InitializeAsync();
        return _host;
    }

    /// <summary>As no call can: addresses with letters beyond ASCII are not registered, and may be there all the same.</summary>
    private static async Task MoveToAsync(SmtpHost host, string former, string email)
    {
        await using var database = NpgsqlDataSource.Create(host.Environment.Database.SuperuserConnectionString);
        await using var command = database.CreateCommand("UPDATE users SET email = $1, normalized_email = $1 WHERE normalized_email = $2");
        command.Parameters.Add(new() { Value = email });
        command.Parameters.Add(new() { Value = former });
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }

    private static async Task<long> CountWaitingAsync(SmtpHost host)
    {
        await using var database = NpgsqlDataSource.Create(host.Environment.Database.SuperuserConnectionString);
        await using var command = database.CreateCommand("SELECT count(*) FROM mails");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static string Expected(string email) => string.Join(
        "\r\n",
        "From: Explaino <hello@explaino.example>",
        "Date: <a time>",
        "Subject: Reset your Explaino password",
        "Message-Id: <an id>",
        $"To: {email}",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        "Your code to choose a new password:",
        "",
        "    <a code>",
        "",
        "It is good for ten minutes. If you did not ask for it, ignore this mail.",
        "");

    private static string WithoutWhatDiffers(string mail) =>
        Code().Replace(Id().Replace(Date().Replace(mail, "Date: <a time>"), "Message-Id: <an id>"), "    <a code>");

    [GeneratedRegex(@"(?<=\r\n)Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000(?=\r\n)")]
    private static partial Regex Date();

    [GeneratedRegex(@"(?<=\r\n)Message-Id: <[^@<>\s]{10,}@explaino\.(example|local)>(?=\r\n)")]
    private static partial Regex Id();

    [GeneratedRegex(@"(?<=\r\n)    \d{6}(?=\r\n)")]
    private static partial Regex Code();
}
