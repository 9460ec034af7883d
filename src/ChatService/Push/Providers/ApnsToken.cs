using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Explaino.ChatService.Push.Providers;

/// <summary>Provider token of APNs, made anew every 40 minutes: Apple refuses one older than an hour, and who brings new ones more often than every 20 minutes.</summary>
internal sealed class ApnsToken(IOptions<PushSettings> settings, TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(40);
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(20);

    private readonly Lock _lock = new();
    private (string Token, long MadeAt)? _current;

    public string Get()
    {
        lock (_lock)
        {
            if (_current is not { } current || clock.GetElapsedTime(current.MadeAt) > Lifetime)
            {
                _current = current = (Make(clock.GetUtcNow()), clock.GetTimestamp());
            }

            return current.Token;
        }
    }

    /// <summary>It was refused: the next is new, if Apple takes a new one already.</summary>
    public void Discard()
    {
        lock (_lock)
        {
            if (_current is { } current && clock.GetElapsedTime(current.MadeAt) > Shortest)
            {
                _current = null;
            }
        }
    }

    private string Make(DateTimeOffset now)
    {
        var apns = settings.Value.Apns;
        using var key = ECDsa.Create();
        key.ImportFromPem(apns.PrivateKey);
        return SignedToken.Make(key, new { alg = "ES256", kid = apns.KeyId }, new { iss = apns.TeamId, iat = now.ToUnixTimeSeconds() });
    }
}
