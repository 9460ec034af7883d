using Explaino.Gateway.Accounts;
using Explaino.Gateway.Clients;
using Explaino.Gateway.Docs;
using Explaino.Gateway.Forwarding;
using Explaino.Gateway.WebClient;
using Explaino.ServiceDefaults;
using Explaino.ServiceDefaults.OpenApi;

// The routes are in appsettings.json beside the binary, wherever it is started from.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

builder.AddServiceDefaults();
builder.AddClientIdentification();
builder.AddRateLimits();
builder.AddCrossOrigin();
builder.AddHeadLimits();
builder.AddClientSettings();
builder.AddApiDocument("gateway", "What is the gateway's own.");
builder.AddMergedDocument();
builder.AddForwarding();
builder.AddDeletionPage();
builder.Services.AddHsts(hsts => (hsts.MaxAge, hsts.IncludeSubDomains) = (TimeSpan.FromDays(365), true));

var app = builder.Build();

app.UseTrustedProxies();
app.UseHsts();
app.UseCrossOrigin();
app.UseServiceDefaults();
app.UseHeadLimits();
app.UseRateLimiter();
app.UseRateLimitHeaders();
app.UseDocs();
app.UseWebClient();
app.MapApiDocument("/openapi/gateway.json").RequireRateLimiting("client");
app.MapMergedDocument();
app.MapClientSettings();
app.MapDeletionPage();
app.MapForwarding();

return await app.RunAsync(args);

/// <summary>Public, so that tests can host it.</summary>
public partial class Program;
