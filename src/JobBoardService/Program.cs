using Explaino.JobBoardService.Comments;
using Explaino.JobBoardService.Data;
using Explaino.JobBoardService.Events;
using Explaino.JobBoardService.Images;
using Explaino.JobBoardService.Jobs;
using Explaino.JobBoardService.Likes;
using Explaino.JobBoardService.Moderation;
using Explaino.JobBoardService.Users;
using Explaino.ServiceData.Audit;
using Explaino.ServiceData.Blocks;
using Explaino.ServiceData.Idempotency;
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
using Explaino.ServiceFiles.Storage;
using Explaino.ServiceMedia;
using Explaino.ServiceMedia.Decoding;

if (MediaVerb.Is(args))
{
    return MediaVerb.Run(args);
}

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddDatabase<JobBoardDbContext>("jobboarddb");
builder.AddBearerAuthentication();
builder.AddIdempotency<JobBoardDbContext>();
builder.AddFileStorage<JobBoardDbContext>("jobs", (db, keys) =>
    db.Images.Where(image => image.StorageKey != null && keys.Contains(image.StorageKey.Value)).Select(image => image.StorageKey!.Value));
builder.AddPictures<JobBoardDbContext>();
builder.AddMessaging(bus =>
{
    bus.AddRevokedSessions();
    bus.AddPeople<JobBoardDbContext>("jobs-service");
    bus.AddBlocks<JobBoardDbContext>("jobs-service");
    bus.AddReports<JobBoardDbContext>("jobs-service");
    bus.AddConsumer<RemoveOnContentRemoved>().Endpoint(endpoint => endpoint.Name = "jobs-service.content-removed");
    bus.AddConsumer<RemoveWhatTheUserOwned>().Endpoint(endpoint => endpoint.Name = "jobs-service.user-deleted");
});
builder.AddOutbox<JobBoardDbContext>(typeof(ContentReported), typeof(PersonNotified), typeof(ActionAudited));
builder.AddAudit<JobBoardDbContext>("jobs");
builder.AddContentTerms();
builder.AddApiDocument("jobs", "The job board: posts with images, comments and likes.");
builder.Services.AddValidation();
builder.Services.AddSingleton(new PublicAddress(builder.Configuration.Issuer(builder.Environment).TrimEnd('/')));
builder.Services.AddSingleton<RenderedJobs>().AddScoped<JobListQueries>();
builder.Services.AddRetention<JobBoardDbContext>("places in lists", TimeSpan.FromMinutes(1), PopularityPages.ForgetAsync);

var app = builder.Build();

app.UseServiceDefaults();
app.MapApiDocument();
var api = app.MapApi();
api.MapJobs();
api.MapLikes();
api.MapComments();
api.MapImages();
api.MapReports();

return await app.RunAsync(args);

/// <summary>Public, so that tests can host it.</summary>
public partial class Program;
