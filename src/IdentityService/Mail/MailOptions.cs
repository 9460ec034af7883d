using System.Diagnostics.CodeAnalysis;

namespace Explaino.IdentityService.Mail;

internal enum MailMode
{
    Pickup,
    Smtp,
}

/// <summary>The <c>Mail</c> section of configuration (docs/contract.md#8-settings).</summary>
internal sealed class MailOptions
{
    public MailMode Mode { get; set; } = MailMode.Smtp;

    public string PickupDirectory { get; set; } = Path.Combine(Path.GetTempPath(), "explaino-mail");

    public string Host { get; set; } = "";

    /// <summary>465 speaks TLS from the first byte, every other port by STARTTLS.</summary>
    public int Port { get; set; } = 25;

    public string? UserName { get; set; }

    public string? Password { get; set; }

    public string From { get; set; } = "no-reply@explaino.local";

    /// <summary>No mail without TLS and a certificate that is trusted. Unset: where a password is sent.</summary>
    public bool? RequireTls { get; set; }

    [MemberNotNullWhen(true, nameof(UserName))]
    public bool SignsIn => UserName is { Length: > 0 };

    public bool InsistsOnTls => RequireTls ?? SignsIn;
}
