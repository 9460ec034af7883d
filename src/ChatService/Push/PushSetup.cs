using System.Diagnostics.Metrics;
using Explaino.ChatService.Conversations;
using Explaino.ChatService.Data;
using Explaino.ChatService.Devices;
using Explaino.ChatService.Push.Providers;
using Explaino.ServiceData;
using Explaino.ServiceData.Postgres;
using Microsoft.EntityFrameworkCore;

namespace Explaino.ChatService.Push;

internal static class PushSetup
{
    public static void AddPush(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<PushSettings>().BindConfiguration("Push")
            .Validate(settings => settings.IsUsable(), "Push: what Push:Mode needs is not set.").ValidateOnStart();
        var settings = builder.Configuration.GetSection("Push").Get<PushSettings>() ?? new();
        builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<PushDues>(services, settings.Mode != PushMode.Off));
        if (settings.Mode == PushMode.Off)
        {
            return;
        }

        builder.Services.AddSingleton<PickupTransport>().AddProviders();
        builder.Services.AddSingleton<PushStatements>().AddSingleton<PushWriter>().AddSingleton<PushSignal>().AddSingleton<PushMetrics>();
        builder.Services.AddHostedService<PushPlanner>();
        foreach (var provider in Enum.GetValues<PushProvider>())
        {
            // Not AddHostedService, which takes the second of one type for the first.
            builder.Services.AddSingleton<IHostedService>(services => ActivatorUtilities.CreateInstance<PushSender>(services, provider, TransportOf(services, settings, provider)));
        }

        builder.Services.AddRetention<ChatDbContext>("pushes", TimeSpan.FromMinutes(10), (db, now, cancellationToken) =>
            db.Set<StandingPush>().Where(push => push.ExpiresAt < now - TimeSpan.FromDays(30)).ExecuteDeleteAsync(cancellationToken));
    }

    private static IPushTransport TransportOf(IServiceProvider services, PushSettings settings, PushProvider provider) =>
        settings.Mode == PushMode.Pickup ? services.GetRequiredService<PickupTransport>() : DirectTransports.Find(services, settings, provider) ?? new NoTransport();
}

/// <summary>Wakes this process's senders when pushes were planned.</summary>
internal sealed class PushSignal
{
    private readonly Dictionary<PushProvider, WakeSignal> _signals = Enum.GetValues<PushProvider>().ToDictionary(provider => provider, _ => new WakeSignal());

    public WakeSignal this[PushProvider provider] => _signals[provider];

    public void WakeAll()
    {
        foreach (var signal in _signals.Values)
        {
            signal.Wake();
        }
    }
}

/// <summary>What an operator watches of pushes.</summary>
internal sealed class PushMetrics
{
    private readonly Counter<long> _sent;

    public PushMetrics(IMeterFactory meters) =>
        _sent = meters.Create("Explaino.Push").CreateCounter<long>("explaino.push.sent", "{push}", "Pushes, by provider and what became of them: delivered, token_gone, refused, failed.");

    public void Sent(PushProvider provider, PushOutcome outcome) => Count(provider, WordConversion.WordOf(outcome));

    public void Failed(PushProvider provider) => Count(provider, "failed");

    private void Count(PushProvider provider, string outcome) =>
        _sent.Add(1, new KeyValuePair<string, object?>("provider", WordConversion.WordOf(provider)), new KeyValuePair<string, object?>("outcome", outcome));
}
