using System.Text;
using Explaino.IdentityService.Codes;
using MimeKit;
using MimeKit.Utils;

namespace Explaino.IdentityService.Mail;

/// <summary>The messages about an account, with a code or without: the same whether they are sent or picked up.</summary>
internal static class AccountMail
{
    public static MimeMessage Code(MailboxAddress from, string to, CodePurpose purpose, string code, DateTimeOffset now)
    {
        var (subject, reason, validity) = Describe(purpose);
        return Write(
            from,
            to,
            subject,
            $"""
            {reason}:

                {code}

            It is good for {validity}. If you did not ask for it, ignore this mail.
            """,
            now);
    }

    public static MimeMessage Notice(MailboxAddress from, string to, MailPurpose purpose, string? detail, DateTimeOffset now)
    {
        var (subject, text) = Describe(purpose, detail);
        return Write(
            from,
            to,
            subject,
            $"""
            {text}

            If that was not you, choose a new password at once: in the app under "Forgot password".
            """,
            now);
    }

    private static (string Subject, string Reason, string Validity) Describe(CodePurpose purpose) => purpose switch
    {
        CodePurpose.PasswordReset => ("Reset your Explaino password", "Your code to choose a new password", "ten minutes"),
        CodePurpose.EmailVerification => ("Confirm your Explaino email address", "Your code to confirm your email address", "ten minutes"),
        CodePurpose.AccountDeletion => ("Delete your Explaino account", "Your code to delete your account and everything in it, for good", "ten minutes"),
        CodePurpose.EmailChange => ("Your new Explaino email address", "Your code to use this address for your account", "ten minutes"),
        CodePurpose.EmailUndo =>
            ("Your Explaino email address was changed", "The email address of your account is another one now. If that was not you, this code undoes it", "72 hours"),
        _ => throw new ArgumentOutOfRangeException(nameof(purpose), purpose, "No mail is written for this."),
    };

    private static (string Subject, string Text) Describe(MailPurpose purpose, string? detail) => purpose switch
    {
        MailPurpose.EmailTaken => ("Somebody wants to use your email address", "Somebody wanted to use your email address for another Explaino account. Nothing was changed."),
        MailPurpose.PasswordChanged => ("Your Explaino password was changed", "The password of your account was changed."),
        MailPurpose.NewDevice => ("A new device uses your Explaino account", $"Somebody logged in with a device that was not used before: {detail}"),
        MailPurpose.SessionsEnded => ("Your Explaino sessions were ended", "Your other devices were logged out."),
        MailPurpose.AccountSuspended => ("Your Explaino account is suspended", $"Your account is suspended {detail}."),
        _ => throw new ArgumentOutOfRangeException(nameof(purpose), purpose, "No notice is written for this."),
    };

    private static MimeMessage Write(MailboxAddress from, string to, string subject, string text, DateTimeOffset now)
    {
        var body = new TextPart("plain");
        body.SetText(Encoding.ASCII, text);
        var mail = new MimeMessage
        {
            Date = now,
            Subject = subject,
            MessageId = MimeUtils.GenerateMessageId(MailboxAddress.EncodeAddrspec(from.Address).Split('@')[^1]),
            Body = body,
        };
        mail.From.Add(from);
        mail.To.Add(new MailboxAddress("", to));

        // No vacation notice answers it (RFC 3834).
        mail.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        return mail;
    }
}
