namespace Explaino.ChatService.RealTime;

/// <summary><c>Hub:*</c>: how much of the hub one user may take.</summary>
internal sealed class HubLimits
{
    /// <summary>Over all instances; when there are more, the oldest are ended.</summary>
    public int ConnectionsPerUser { get; init; } = 20;

    /// <summary>Calls a user may make at once, over all connections to one instance.</summary>
    public int CallBurst { get; init; } = 100;

    public int CallsPerSecond { get; init; } = 50;

    public bool AreUsable() => ConnectionsPerUser > 0 && CallBurst > 0 && CallsPerSecond > 0;
}
