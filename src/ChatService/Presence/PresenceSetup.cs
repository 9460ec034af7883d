namespace Explaino.ChatService.Presence;

internal static class PresenceSetup
{
    /// <summary>After the hub: what is added last is stopped first, and presence says goodbye while the backplane still holds.</summary>
    public static void AddPresence(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<PresenceSettings>().BindConfiguration("Hub")
            .Validate(settings => settings.AreUsable(), "Hub: ConnectionsPerUser must be above zero, OfflineAfter not below.").ValidateOnStart();
        builder.Services.AddSingleton<ServiceInstance>().AddSingleton<ConnectionRegistry>().AddSingleton<PresenceStatements>().AddSingleton<PresenceIntroductions>();
        builder.Services.AddHostedService<PresenceTracker>();
    }
}
