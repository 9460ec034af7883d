namespace Explaino.ChatService.Hub;

/// <summary><c>Hub:*</c>: how often one user may call the hub.</summary>
internal sealed class HubLimits
{
    /// <summary>Calls a user may make at once, over all connections to one instance.</summary>
    public int CallBurst { get; init; } = 100;

    public int CallsPerSecond { get; init; } = 50;

    public bool AreUsable() => CallBurst > 0 && CallsPerSecond > 0;
}
