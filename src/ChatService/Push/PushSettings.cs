namespace Explaino.ChatService.Push;

internal enum PushMode
{
    Off,

    /// <summary>Into a folder, one file for each device and subject: for developers and tests.</summary>
    Pickup,

    /// <summary>To the providers of devices.</summary>
    Direct,

    /// <summary>To one address, signed, which knows the providers.</summary>
    Relay,
}

/// <summary><c>Push:*</c>: whether and how devices are woken.</summary>
internal sealed class PushSettings
{
    public PushMode Mode { get; init; }

    public string PickupDirectory { get; init; } = Path.Combine(Path.GetTempPath(), "explaino-push");
}
