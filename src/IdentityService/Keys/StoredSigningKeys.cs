using System.Security.Cryptography;
using Explaino.ServiceDefaults.Authentication;
using Microsoft.IdentityModel.Tokens;

namespace Explaino.IdentityService.Keys;

/// <summary>Cache of the signing keys: as the database has them, at most two seconds old, so that all instances sign and publish the same.</summary>
internal sealed class StoredSigningKeys(IServiceScopeFactory scopes, SecretBox box, TimeProvider clock) : ISigningKeySource, IDisposable
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _loading = new(1, 1);
    private volatile Snapshot _known = new([], null);

    /// <summary>All that are published: the ones to come, the current one, and former ones whose tokens may still live.</summary>
    public async Task<IReadOnlyCollection<SecurityKey>> GetAsync(CancellationToken cancellationToken) =>
        [.. (await LoadAsync(cancellationToken)).Select(key => key.Key)];

    /// <summary>The one to sign with.</summary>
    public async Task<ECDsaSecurityKey> GetCurrentAsync(CancellationToken cancellationToken)
    {
        var keys = await LoadAsync(cancellationToken);
        var now = clock.GetUtcNow();

        // The very first key signs at once, even if the clock of the instance that made it is ahead of ours.
        return (keys.LastOrDefault(key => key.SignsFrom <= now) ?? keys[0]).Key;
    }

    public void Dispose() => _loading.Dispose();

    private async Task<IReadOnlyList<LoadedKey>> LoadAsync(CancellationToken cancellationToken)
    {
        if (IsFresh(_known))
        {
            return _known.Keys;
        }

        await _loading.WaitAsync(cancellationToken);
        try
        {
            if (!IsFresh(_known))
            {
                _known = new(await ReadAsync(cancellationToken), clock.GetTimestamp());
            }

            return _known.Keys;
        }
        finally
        {
            _loading.Release();
        }
    }

    private bool IsFresh(Snapshot known) => known.ReadAt is { } readAt && clock.GetElapsedTime(readAt) < Freshness;

    private async Task<IReadOnlyList<LoadedKey>> ReadAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var keys = await scope.ServiceProvider.GetRequiredService<KeyRotation>().EnsureAsync(cancellationToken);
        return [.. keys.Select(key => _known.Keys.FirstOrDefault(known => known.Id == key.Id) ?? Load(key))];
    }

    private LoadedKey Load(SigningKey key)
    {
        var pair = ECDsa.Create();
        pair.ImportPkcs8PrivateKey(box.Open(key.PrivateKey, key.Id), out _);
        return new(key.Id, key.SignsFrom, new ECDsaSecurityKey(pair) { KeyId = key.Id.ToString("n") });
    }

    private sealed record LoadedKey(Guid Id, DateTimeOffset SignsFrom, ECDsaSecurityKey Key);

    private sealed record Snapshot(IReadOnlyList<LoadedKey> Keys, long? ReadAt);
}
