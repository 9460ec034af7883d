using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using Microsoft.Extensions.Options;

namespace Explaino.IdentityService.Mail;

/// <summary>Hands mails to the SMTP server, or to a folder where a developer or a test finds them.</summary>
internal sealed class Mailbox(IOptions<MailOptions> options)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    public async Task SendAsync(string to, string subject, string text, CancellationToken cancellationToken)
    {
        // Seven bits: readable as it stands in the file.
        using var mail = new MailMessage(options.Value.From, to, subject, text)
        {
            BodyEncoding = Encoding.ASCII,
            BodyTransferEncoding = TransferEncoding.SevenBit,
        };

        if (options.Value.Mode == MailMode.Pickup)
        {
            Drop(mail);
        }
        else
        {
            await SubmitAsync(mail, cancellationToken);
        }
    }

    private void Drop(MailMessage mail)
    {
        var folder = Directory.CreateDirectory(options.Value.PickupDirectory);
        var desk = folder.CreateSubdirectory($".{Guid.CreateVersion7():n}");
        using (var client = new SmtpClient
        {
            DeliveryMethod = SmtpDeliveryMethod.SpecifiedPickupDirectory,
            PickupDirectoryLocation = desk.FullName,
        })
        {
            client.Send(mail);
        }

        // Moved when it is complete: whoever watches the folder never reads half a mail.
        foreach (var file in desk.EnumerateFiles())
        {
            file.MoveTo(Path.Combine(folder.FullName, $"{Guid.CreateVersion7():n}.eml"));
        }

        desk.Delete();
    }

    private async Task SubmitAsync(MailMessage mail, CancellationToken cancellationToken)
    {
        var smtp = options.Value;
        using var client = new SmtpClient(smtp.Host, smtp.Port) { EnableSsl = smtp.UseTls ?? smtp.UserName is { Length: > 0 } };
        if (smtp.UserName is { Length: > 0 })
        {
            client.Credentials = new NetworkCredential(smtp.UserName, smtp.Password);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Timeout);
        await client.SendMailAsync(mail, limit.Token);
    }
}
