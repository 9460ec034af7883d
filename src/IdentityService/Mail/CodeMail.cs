using System.Text;
using Explaino.IdentityService.Codes;
using MimeKit;
using MimeKit.Utils;

namespace Explaino.IdentityService.Mail;

/// <summary>The message that carries a code: the same whether it is sent or picked up.</summary>
internal static class CodeMail
{
    public static MimeMessage Write(MailboxAddress from, string to, CodePurpose purpose, string code, DateTimeOffset now)
    {
        var (subject, reason) = Describe(purpose);
        var mail = new MimeMessage
        {
            Date = now,
            Subject = subject,
            MessageId = MimeUtils.GenerateMessageId(MailboxAddress.EncodeAddrspec(from.Address).Split('@')[^1]),
            Body = Plain(Text(code, reason)),
        };
        mail.From.Add(from);
        mail.To.Add(new MailboxAddress("", to));

        // No vacation notice answers it (RFC 3834).
        mail.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        return mail;
    }

    private static (string Subject, string Reason) Describe(CodePurpose purpose) => purpose switch
    {
        CodePurpose.PasswordReset => ("Reset your Explaino password", "to choose a new password"),
        CodePurpose.EmailVerification => ("Confirm your Explaino email address", "to confirm your email address"),
        CodePurpose.AccountDeletion => ("Delete your Explaino account", "to delete your account and everything in it, for good"),
        _ => throw new ArgumentOutOfRangeException(nameof(purpose), purpose, "No mail is written for this."),
    };

    private static TextPart Plain(string text)
    {
        var part = new TextPart("plain");
        part.SetText(Encoding.ASCII, text);
        return part;
    }

    private static string Text(string code, string reason) =>
        $"""
        Your code {reason}:

            {code}

        It is good for ten minutes. If you did not ask for it, ignore this mail.
        """;
}
