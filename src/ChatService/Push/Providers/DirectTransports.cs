using Explaino.ChatService.Devices;

namespace Explaino.ChatService.Push.Providers;

internal static class DirectTransports
{
    public static void AddProviders(this IServiceCollection services) =>
        services.AddSingleton<ProviderHttp>().AddSingleton<ApnsToken>().AddSingleton<ApnsTransport>().AddSingleton<FcmAccess>().AddSingleton<FcmTransport>()
            .AddSingleton<WebPushTransport>().AddSingleton<RelayTransport>();

    /// <returns>Null if the provider is not set.</returns>
    public static IPushTransport? Find(IServiceProvider services, PushSettings settings, PushProvider provider) => provider switch
    {
        _ when settings.Mode == PushMode.Relay => services.GetRequiredService<RelayTransport>(),
        PushProvider.Apns when settings.Apns.IsSet => services.GetRequiredService<ApnsTransport>(),
        PushProvider.Fcm when settings.Fcm.IsSet => services.GetRequiredService<FcmTransport>(),
        PushProvider.Webpush when settings.WebPush.IsSet => services.GetRequiredService<WebPushTransport>(),
        PushProvider.Relay when settings.Relay.IsSet => services.GetRequiredService<RelayTransport>(),
        _ => null,
    };
}

/// <summary>A provider that is not set here: its devices are told nothing, and nothing is kept for them.</summary>
internal sealed class NoTransport : IPushTransport
{
    public Task<PushOutcome> SendAsync(PushDelivery delivery, CancellationToken cancellationToken) => Task.FromResult(PushOutcome.Refused);
}
