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

    public int Port { get; set; } = 25;

    public string? UserName { get; set; }

    public string? Password { get; set; }

    public string From { get; set; } = "no-reply@explaino.local";

    /// <summary>STARTTLS; always where a password is sent, unless this says otherwise.</summary>
    public bool? UseTls { get; set; }
}
