using Explaino.ChatService.Notifications;
using Explaino.ServiceDefaults.Json;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;

namespace Explaino.ChatService.Hub;

/// <summary>The hub, and the ways in which notifications reach the devices connected to it.</summary>
internal static class HubSetup
{
    public static void AddHub(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<HubLimits>().BindConfiguration("Hub")
            .Validate(limits => limits.AreUsable(), "Hub: every limit must be above zero.").ValidateOnStart();
        builder.Services.AddSingleton<ChatMetrics>().AddSingleton<CallRateLimiter>().AddSingleton<TypingThrottle>();
        builder.Services.AddSingleton<Notifier>().AddSingleton<ResyncRequests>().AddSingleton<Listeners>().AddSingleton<Connections>().AddSingleton<RabbitMqBackplane>();
        builder.Services.AddSingleton<INotificationChannel>(services => services.GetRequiredService<Listeners>());
        builder.Services.AddSingleton<IListeners>(services => services.GetRequiredService<Connections>());
        builder.Services.AddSingleton<INotificationChannel>(services => services.GetRequiredService<RabbitMqBackplane>());
        builder.Services.AddHostedService(services => services.GetRequiredService<RabbitMqBackplane>());
        builder.Services.AddHostedService<ConnectionGuard>();
        builder.Services.AddSingleton<UnreadAnnouncer>().AddHostedService(services => services.GetRequiredService<UnreadAnnouncer>());
        builder.Services
            .AddSignalR(hub =>
            {
                hub.AddFilter<HubFilter>();
                // Above the largest legal call in its longest spelling, so that what is too long is refused and the connection lives on.
                hub.MaximumReceiveMessageSize = 256 * 1024;
            })
            .AddJsonProtocol(json => JsonConventions.Apply(json.PayloadSerializerOptions).Converters.Add(new HubCommandConverter()));
    }

    public static void MapChatHub(this WebApplication app) =>
        app.MapHub<ChatHub>(HubHandshake.Path, hub => (hub.Transports, hub.TransportSendTimeout) = (HttpTransportType.WebSockets, Connection.SendTimeout)).RequireAuthorization();
}
