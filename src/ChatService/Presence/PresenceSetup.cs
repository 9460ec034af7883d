namespace Explaino.ChatService.Presence;

internal static class PresenceSetup
{
    /// <summary>After the hub: what is added last is stopped first, and presence says goodbye while the backplane still holds.</summary>
    public static void AddPresence(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<PresenceSettings>().BindConfiguration("Hub")
            .Validate(settings => settings.AreUsable(), "Hub: ConnectionsPerUser must be above zero, OfflineAfter not below.").ValidateOnStart();
        builder.Services.AddSingleton<ServiceInstance>().AddSingleton<ConnectedUsers>().AddSingleton<ConnectionRegistry>().AddSingleton<PresenceStatements>().AddSingleton<PresenceIntroductions>();
        builder.Services.AddHostedService<PresenceTracker>();
    }
}

/// <summary><c>Hub:*</c>, as far as it says who is connected.</summary>
internal sealed class PresenceSettings
{
    /// <summary>Hub connections of a user over all instances; when there are more, the oldest are ended.</summary>
    public int ConnectionsPerUser { get; init; } = 20;

    /// <summary>The grace: who comes back within it was never away to others.</summary>
    public TimeSpan OfflineAfter { get; init; } = TimeSpan.FromSeconds(15);

    public bool AreUsable() => ConnectionsPerUser > 0 && OfflineAfter >= TimeSpan.Zero;
}

/// <summary>This process among the instances of the service.</summary>
internal sealed class ServiceInstance
{
    public Guid Id { get; } = Guid.CreateVersion7();
}
