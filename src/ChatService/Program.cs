using Explaino.ChatService.Attachments;
using Explaino.ChatService.Chats;
using Explaino.ChatService.Data;
using Explaino.ChatService.Devices;
using Explaino.ChatService.Events;
using Explaino.ChatService.Feed;
using Explaino.ChatService.Groups;
using Explaino.ChatService.Hub;
using Explaino.ChatService.Messages;
using Explaino.ChatService.Moderation;
using Explaino.ChatService.Presence;
using Explaino.ChatService.Push;
using Explaino.ChatService.Settings;
using Explaino.ChatService.Sync;
using Explaino.ChatService.Unread;
using Explaino.ServiceData.Audit;
using Explaino.ServiceData.Blocks;
using Explaino.ServiceData.Messaging;
using Explaino.ServiceData.Moderation;
using Explaino.ServiceData.Outbox;
using Explaino.ServiceData.People;
using Explaino.ServiceData.Postgres;
using Explaino.ServiceData.Reports;
using Explaino.ServiceData.Sessions;
using Explaino.ServiceDefaults;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.OpenApi;
using Explaino.ServiceMedia.Decoding;

if (MediaVerb.Is(args))
{
    return MediaVerb.Run(args);
}

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddDatabase<ChatDbContext>("chatdb");
builder.AddBearerAuthentication();
builder.AddAttachments();
builder.AddMessaging(bus =>
{
    bus.AddRevokedSessions();
    bus.AddPeople<ChatDbContext>("chat-service");
    bus.AddBlocks<ChatDbContext>("chat-service");
    bus.AddReports<ChatDbContext>("chat-service");
    bus.AddFeed();
    bus.AddConsumer<EndDevicesOnSessionRevoked>().Endpoint(endpoint => endpoint.Name = "chat-service.devices");
    bus.AddConsumer<RemoveOnContentRemoved>().Endpoint(endpoint => endpoint.Name = "chat-service.content-removed");
    bus.AddConsumer<LeaveGroupsOnUserDeleted>().Endpoint(endpoint => endpoint.Name = "chat-service.user-deleted");
});
builder.AddOutbox<ChatDbContext>(typeof(ContentReported), typeof(PersonNotified), typeof(ActionAudited));
builder.AddAudit<ChatDbContext>("chat");
builder.AddContentTerms();
builder.AddApiDocument("chat", "Chats, groups, messages, search, notifications, devices. In real time: the hub /hubs/chat.");
builder.Services.AddValidation();

builder.Services.AddSingleton<ConversationBulkhead>().AddSingleton<MessageWriter>().AddSingleton<MessageStatements>().AddSingleton<SearchStatements>().AddSingleton<ReadMarkers>().AddSingleton<AttachmentErasure>();
builder.Services.AddSingleton<ChatStatements>().AddSingleton<GroupStatements>().AddScoped<GroupWriter>().AddSingleton<GroupAnnouncements>().AddSingleton<UnreadStatements>().AddSingleton<ConversationSettingsWriter>();
builder.AddHub();
builder.AddPresence();
builder.AddSync();
builder.AddFeed();
builder.AddDevices();
builder.AddPush();

var app = builder.Build();

app.UseServiceDefaults();
app.UseHubHandshake();
app.MapApiDocument();
var api = app.MapApi();
api.MapChats();
api.MapGroups();
api.MapAttachments();
api.MapSearch();
api.MapConversationSettings();
api.MapFeed();
api.MapFeedSettings();
api.MapDevices();
api.MapUnread();
api.MapSync();
api.MapReports();
app.MapChatHub();

return await app.RunAsync(args);

/// <summary>Public, so that tests can host it.</summary>
public partial class Program;
