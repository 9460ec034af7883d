using Explaino.ServiceData.Audit;
using Explaino.ServiceData.Blocks;
using Explaino.ServiceData.Idempotency;
using Explaino.ServiceData.Messaging;
using Explaino.ServiceData.Outbox;
using Explaino.ServiceData.Postgres;
using Explaino.ServiceData.Resync;
using Explaino.ServiceData.Sessions;
using Explaino.ServiceDefaults;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.OpenApi;
using Explaino.WalletService.Data;
using Explaino.WalletService.Events;
using Explaino.WalletService.Wallets;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddDatabase<WalletDbContext>("walletdb");
builder.AddBearerAuthentication();
builder.AddIdempotency<WalletDbContext>();
builder.AddMessaging(bus =>
{
    bus.AddRevokedSessions();
    bus.AddBlocks<WalletDbContext>("wallet-service");
    bus.AddWalletCreation();
    bus.AddConsumer<CloseWalletOnUserDeleted>().Endpoint(endpoint => endpoint.Name = "wallet-service.user-deleted");
    bus.AddConsumer<CreditOnPointsAwarded>().Endpoint(endpoint => endpoint.Name = "wallet-service.points-awarded");
});
builder.AddOutbox<WalletDbContext>(typeof(PersonNotified), typeof(ActionAudited));
builder.AddAudit<WalletDbContext>("wallet");
builder.AddApiDocument("wallet", "Points: balances, entries, transfers, awards.");
builder.Services.AddValidation();
builder.Services.AddSingleton<WalletMetrics>();
builder.Services.ConfigureDbContext<WalletDbContext>((services, options) => options.AddInterceptors(services.GetRequiredService<WalletMetrics>()));
builder.Services.AddScoped<Ledger>().AddScoped<Adjustments>();
builder.Services.AddScoped<WalletOpening>();
builder.Services.AddResync<WalletDbContext>(ResyncWallets.RunAsync);
builder.Services.AddServiceCommand("verify", "Prove that the books are right: sums, balances, sequences.", Verification.RunAsync);

var app = builder.Build();

app.UseForwardedHeaders();
app.UseServiceDefaults();
app.MapApiDocument();
app.MapApi().MapWallets();

return await app.RunAsync(args);

/// <summary>Public, so that tests can host it.</summary>
public partial class Program;
