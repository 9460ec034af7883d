namespace Explaino.ChatService.Push;

internal enum PushMode
{
    Off,

    /// <summary>Into a folder, one file for each device and subject: for developers and tests.</summary>
    Pickup,

    /// <summary>To the providers of devices, as far as they are set.</summary>
    Direct,

    /// <summary>To one address, signed, which knows the providers.</summary>
    Relay,
}

/// <summary><c>Push:*</c>: whether and how devices are woken.</summary>
internal sealed class PushSettings
{
    public PushMode Mode { get; init; }

    public string PickupDirectory { get; init; } = Path.Combine(Path.GetTempPath(), "explaino-push");

    public ApnsSettings Apns { get; init; } = new();

    public FcmSettings Fcm { get; init; } = new();

    public WebPushSettings WebPush { get; init; } = new();

    public RelaySettings Relay { get; init; } = new();

    /// <summary>Certificates (PEM) that are trusted in place of the system's, for a relay or a proxy of one's own.</summary>
    public string? TrustedCertificates { get; init; }

    /// <summary>Whether clients may name push services in the inner network; for tests.</summary>
    public bool AllowPrivateAddresses { get; init; }

    public bool IsUsable() => Mode switch
    {
        PushMode.Relay => Relay.IsSet,
        PushMode.Direct => Apns.IsSet || Fcm.IsSet || WebPush.IsSet,
        _ => true,
    };
}

internal sealed class ApnsSettings
{
    public string KeyId { get; init; } = "";

    public string TeamId { get; init; } = "";

    /// <summary>The app's bundle id.</summary>
    public string Topic { get; init; } = "";

    /// <summary>PEM, as Apple gives it.</summary>
    public string PrivateKey { get; init; } = "";

    public Uri Address { get; init; } = new("https://api.push.apple.com");

    public Uri SandboxAddress { get; init; } = new("https://api.sandbox.push.apple.com");

    public bool IsSet => PrivateKey.Length > 0;
}

internal sealed class FcmSettings
{
    /// <summary>The service account's key, the JSON that Google gives.</summary>
    public string Credentials { get; init; } = "";

    public Uri Address { get; init; } = new("https://fcm.googleapis.com");

    public bool IsSet => Credentials.Length > 0;
}

internal sealed class WebPushSettings
{
    /// <summary>VAPID key, base64url; browsers subscribe with it.</summary>
    public string PublicKey { get; init; } = "";

    public string PrivateKey { get; init; } = "";

    /// <summary>Whom a push service writes to about us: <c>mailto:</c> or an address of the web.</summary>
    public string Subject { get; init; } = "";

    public bool IsSet => PrivateKey.Length > 0;
}

internal sealed class RelaySettings
{
    public Uri? Address { get; init; }

    /// <summary>Signs what is sent.</summary>
    public string Secret { get; init; } = "";

    public bool IsSet => Address is not null && Secret.Length > 0;
}
