using System.Globalization;
using Explaino.IdentityService;
using Explaino.IdentityService.Audit;
using Explaino.IdentityService.Blocks;
using Explaino.IdentityService.Codes;
using Explaino.IdentityService.Data;
using Explaino.IdentityService.Events;
using Explaino.IdentityService.Keys;
using Explaino.IdentityService.Mail;
using Explaino.IdentityService.Moderation;
using Explaino.IdentityService.Passwords;
using Explaino.IdentityService.Sessions;
using Explaino.IdentityService.Users;
using Explaino.ServiceData.Audit;
using Explaino.ServiceData.Idempotency;
using Explaino.ServiceData.Messaging;
using Explaino.ServiceData.Moderation;
using Explaino.ServiceData.Outbox;
using Explaino.ServiceData.Postgres;
using Explaino.ServiceData.Reports;
using Explaino.ServiceDefaults;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.OpenApi;
using Explaino.ServiceFiles.Storage;
using Explaino.ServiceMedia;
using Explaino.ServiceMedia.Decoding;

if (MediaVerb.Is(args))
{
    return MediaVerb.Run(args);
}

// Whatever the language of the machine: nothing here is written for its people.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddSettings();
builder.AddDatabase<IdentityDbContext>("identitydb");
builder.AddBearerAuthentication<StoredSigningKeys, LiveSessions>();
builder.AddFileStorage<IdentityDbContext>("identity", (db, keys) =>
    db.UserImages.Where(image => keys.Contains(image.StorageKey)).Select(image => image.StorageKey));
builder.AddPictures<IdentityDbContext>();
builder.AddIdempotency<IdentityDbContext>();
builder.AddMessaging(bus =>
{
    bus.AddConsumer<OpenCaseOnContentReported>().Endpoint(endpoint => endpoint.Name = "identity-service.content-reported");
    bus.AddConsumer<KeepEntryOnActionAudited>().Endpoint(endpoint => endpoint.Name = "identity-service.action-audited");
});
builder.AddOutbox<IdentityDbContext>(
    typeof(UserCreated), typeof(UserUpdated), typeof(UserDeleted), typeof(SessionRevoked), typeof(UserSuspended), typeof(UserReinstated),
    typeof(UserBlocked), typeof(UserUnblocked), typeof(ContentReported), typeof(ContentRemoved), typeof(ActionAudited));
builder.AddAudit<IdentityDbContext>("identity");
builder.AddContentTerms();
builder.AddApiDocument("identity", "Users, sessions, tokens.");
builder.Services.AddValidation();

builder.Services.AddSingleton<SecretBox>().AddSingleton<StoredSigningKeys>().AddScoped<KeyRotation>();
builder.Services.AddSingleton<PasswordHashing>().AddScoped<AccountLockout>();
builder.Services.AddSingleton<AccessTokens>().AddScoped<RefreshTokens>().AddScoped<SessionRevoker>().AddScoped<UserDeletion>();
builder.Services.AddSingleton<MailTransport>().AddSingleton<MailSignal>().AddSingleton<CodeMetrics>().AddSingleton<CaseMetrics>().AddScoped<MailedCodes>().AddHostedService<MailSender>();
builder.Services.AddHostedService<FirstAdmin>().AddHostedService<Cleanup>();
builder.Services.AddServiceCommand("rotate-keys", "Let a new key sign access tokens: rotate-keys; or make the former ones worthless at once: rotate-keys --compromised.", KeysVerb.RotateAsync, KeysVerb.Audited);
builder.Services.AddServiceCommand("after-restore", "End what a restored backup would revive: sessions, codes, signing keys; and list the admins.", AfterRestoreVerb.RunAsync, _ => "after_restore");

var app = builder.Build();

app.UseForwardedHeaders();
app.UseServiceDefaults();
app.MapApiDocument();
app.MapWellKnown();
app.MapRevokedSessions();
app.MapPeople();

var api = app.MapApi();
api.MapRegistration();
api.MapTokens();
api.MapSessions();
api.MapPasswords();
api.MapEmail();
api.MapEmailChange();
api.MapWebDeletion();
api.MapOwnUser();
api.MapUserImages();
api.MapUsers();
api.MapRoles();
api.MapSuspensions();
api.MapAdminUsers();
api.MapBlocks();
api.MapModeration();
api.MapAudit();

return await app.RunAsync(args);

/// <summary>Public, so that tests can host it.</summary>
public partial class Program;
