using Explaino.SampleService.Data;
using Explaino.SampleService.Samples;
using Explaino.ServiceData.Messaging;
using Explaino.ServiceData.Postgres;
using Explaino.ServiceData.Sessions;
using Explaino.ServiceDefaults;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.OpenApi;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddDatabase<SampleDbContext>("sampledb");
builder.AddBearerAuthentication();
builder.AddMessaging(bus =>
{
    bus.AddRevokedSessions();
    bus.AddConsumer<CreateSampleOnUserCreated>().Endpoint(endpoint => endpoint.Name = "sample-service.user-created");
    bus.AddConsumer<RemoveSampleOnUserDeleted>().Endpoint(endpoint => endpoint.Name = "sample-service.user-deleted");
});
builder.AddApiDocument("sample", "Samples, one a user.");
builder.Services.AddValidation();

var app = builder.Build();

app.UseServiceDefaults();
app.MapApiDocument();
app.MapApi().MapSamples();

return await app.RunAsync(args);

/// <summary>Public, so that tests can host it.</summary>
public partial class Program;
