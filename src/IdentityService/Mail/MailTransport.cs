using System.Net.Security;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Explaino.IdentityService.Mail;

/// <summary>The mail transport: hands messages to the SMTP server, or, in the same form, to a folder where a developer or a test finds them.</summary>
internal sealed class MailTransport(IOptions<MailOptions> options, IHostEnvironment environment, TimeProvider clock, ILogger<MailTransport> logger)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(2);
    private static readonly FormatOptions Form = MakeForm();
    private int _warned;

    public async Task SendAsync(MimeMessage mail, CancellationToken cancellationToken)
    {
        if (options.Value.Mode == MailMode.Pickup)
        {
            await DropAsync(mail, cancellationToken);
        }
        else
        {
            await SubmitAsync(mail, cancellationToken);
        }
    }

    private async Task DropAsync(MimeMessage mail, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(options.Value.PickupDirectory);
        var file = Path.Combine(folder.FullName, $"{Guid.CreateVersion7():n}");
        await mail.WriteToAsync(Form, $"{file}.part", cancellationToken);

        // Renamed when it is complete: whoever watches the folder never reads half a mail.
        File.Move($"{file}.part", $"{file}.eml");
    }

    private async Task SubmitAsync(MimeMessage mail, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Timeout);
        using var client = new SmtpClient
        {
            // What RFC 5321 wants to hear: a full name, and not that of this machine.
            LocalDomain = MailboxAddress.EncodeAddrspec(mail.From.Mailboxes.Single().Address).Split('@')[^1],

            // Neither do other clients here: the lists lie on servers that nothing else needs to reach.
            CheckCertificateRevocation = false,
        };
        await ConnectAsync(client, options.Value, limit.Token);
        await client.SendAsync(Form, mail, limit.Token);
        await LeaveAsync(client);
    }

    private async Task ConnectAsync(SmtpClient client, MailOptions smtp, CancellationToken cancellationToken)
    {
        // Opportunistic security (RFC 7435): who would also talk in clear may talk to whoever made the certificate.
        client.ServerCertificateValidationCallback = (_, _, _, faults) => faults == SslPolicyErrors.None || !smtp.InsistsOnTls;
        await client.ConnectAsync(smtp.Host, smtp.Port, Security(smtp), cancellationToken);
        if (!client.IsSecure && !environment.IsDevelopment() && Interlocked.Exchange(ref _warned, 1) == 0)
        {
            logger.LogWarning("Mail is not encrypted on its way to the mail server, which offers no TLS; Mail:RequireTls would hold it back");
        }

        if (smtp.SignsIn)
        {
            await client.AuthenticateAsync(smtp.UserName, smtp.Password ?? "", cancellationToken);
        }
    }

    private static SecureSocketOptions Security(MailOptions smtp) => smtp switch
    {
        { Port: 465 } => SecureSocketOptions.SslOnConnect,
        { InsistsOnTls: true } => SecureSocketOptions.StartTls,
        _ => SecureSocketOptions.StartTlsWhenAvailable,
    };

    /// <summary>The mail is the server's by now: however this ends, it is not sent again.</summary>
    private async Task LeaveAsync(SmtpClient client)
    {
        using var limit = new CancellationTokenSource(Goodbye, clock);
        try
        {
            await client.DisconnectAsync(quit: true, limit.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or MailKit.CommandException or MailKit.ProtocolException)
        {
            // Left without a goodbye.
        }
    }

    private static FormatOptions MakeForm()
    {
        var form = FormatOptions.Default.Clone();
        form.NewLineFormat = NewLineFormat.Dos;
        form.EnsureNewLine = true;
        return form;
    }
}
