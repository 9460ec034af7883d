using Explaino.ChatService.Chats;
using Explaino.ChatService.Data;
using Explaino.ChatService.Groups;
using Explaino.ChatService.Messages;
using Explaino.ChatService.Presence;
using Explaino.ChatService.RealTime;
using Explaino.ServiceDefaults;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Data;
using Explaino.ServiceDefaults.Json;
using Explaino.ServiceDefaults.Messaging;
using Explaino.ServiceDefaults.OpenApi;
using Explaino.ServiceDefaults.People;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddDatabase<ChatDbContext>("chatdb");
builder.AddBearerAuthentication();
builder.AddMessaging(bus =>
{
    bus.AddRevokedSessions();
    bus.AddPeople<ChatDbContext>("chat-service");
    bus.AddConsumer<LeaveGroupsOnUserDeleted>().Endpoint(endpoint => endpoint.Name = "chat-service.user-deleted");
});
builder.AddApiDocument("chat", "Chats, groups, messages, search. In real time: the hub /hubs/chat.");
builder.Services.AddValidation();

builder.Services.AddSingleton<MessageWriter>().AddSingleton<MessageReader>().AddSingleton<ReadMarkers>();
builder.Services.AddSingleton<ChatReader>().AddSingleton<GroupReader>().AddSingleton<PresenceReader>().AddScoped<GroupWriter>();

// Stopped in the reverse order: presence says goodbye while the link still holds.
builder.Services.AddSingleton<Connections>().AddSingleton<Noticeboard>().AddSingleton<BrokerLink>().AddSingleton<ConnectionRegistry>();
builder.Services.AddHostedService(services => services.GetRequiredService<BrokerLink>());
builder.Services.AddHostedService<PresenceKeeper>();
builder.Services.AddHostedService<ConnectionGuard>();
builder.Services.AddOptions<HubLimits>().BindConfiguration("Hub").Validate(limits => limits.AreUsable(), "Hub: every limit must be above zero.").ValidateOnStart();
builder.Services.AddSingleton<CallRateLimiter>().AddSingleton<TypingThrottle>();
builder.Services
    .AddSignalR(hub =>
    {
        hub.AddFilter<HubRules>();
        hub.MaximumReceiveMessageSize = 32 * 1024;
    })
    .AddJsonProtocol(json => JsonConventions.Apply(json.PayloadSerializerOptions));

var app = builder.Build();

app.UseServiceDefaults();
app.UseHubEntrance();
app.MapApiDocument();
var api = app.MapApi();
api.MapChats();
api.MapGroups();
api.MapSearch();
app.MapHub<ChatHub>(HubEntrance.Path, hub => hub.Transports = HttpTransportType.WebSockets).RequireAuthorization();

return await app.RunAsync(args);

/// <summary>Public, so that tests can host it.</summary>
public partial class Program;
