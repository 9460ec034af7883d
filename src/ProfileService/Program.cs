using Explaino.ProfileService.Certificates;
using Explaino.ProfileService.Collections;
using Explaino.ProfileService.Data;
using Explaino.ProfileService.Profiles;
using Explaino.ProfileService.Resumes;
using Explaino.ProfileService.Search;
using Explaino.ProfileService.Specializations;
using Explaino.ServiceData.Audit;
using Explaino.ServiceData.Blocks;
using Explaino.ServiceData.Messaging;
using Explaino.ServiceData.Moderation;
using Explaino.ServiceData.Outbox;
using Explaino.ServiceData.People;
using Explaino.ServiceData.Postgres;
using Explaino.ServiceData.Sessions;
using Explaino.ServiceDefaults;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.OpenApi;
using Explaino.ServiceFiles.Storage;
using Microsoft.AspNetCore.OpenApi;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddDatabase<ProfileDbContext>("profiledb");
builder.AddFileStorage<ProfileDbContext>("profile", ResumeFiles.Named);
builder.AddBearerAuthentication();
builder.AddMessaging(bus =>
{
    bus.AddRevokedSessions();
    bus.AddPeople<ProfileDbContext>("profile-service");
    bus.AddBlocks<ProfileDbContext>("profile-service");
    bus.AddConsumer<DeleteProfileOnUserDeleted>().Endpoint(endpoint => endpoint.Name = "profile-service.user-deleted");
});
builder.AddOutbox<ProfileDbContext>(typeof(ActionAudited));
builder.AddAudit<ProfileDbContext>("profile");
builder.AddContentTerms();
builder.AddApiDocument("profile", "People: who they are, what they can, and how to find them.");
builder.Services.AddValidation();
builder.Services.ConfigureAll<OpenApiOptions>(document => document.AddSchemaTransformer(PartialDate.Describe).AddSchemaTransformer(WholeList.Describe));

var app = builder.Build();

app.UseServiceDefaults();
app.MapApiDocument();
var api = app.MapApi();
api.MapSpecializations();
var profiles = api.MapGroup("/profiles");
profiles.MapProfiles();
profiles.MapSearch();
profiles.MapUserSpecializations();
profiles.MapCertificates();
profiles.MapResumes();
profiles.MapCollections();

return await app.RunAsync(args);

/// <summary>Public, so that tests can host it.</summary>
public partial class Program;
