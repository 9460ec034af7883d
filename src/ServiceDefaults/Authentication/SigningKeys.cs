using Explaino.ServiceDefaults.Errors;
using Microsoft.IdentityModel.Tokens;

namespace Explaino.ServiceDefaults.Authentication;

/// <summary>Where the public keys come from: Identity's own store, or its <c>jwks.json</c>.</summary>
public interface ISigningKeySource
{
    Task<IReadOnlyCollection<SecurityKey>> GetAsync(CancellationToken cancellationToken);
}

/// <summary>
/// The keys that access tokens are verified with, cached, and fetched again every few seconds (<see cref="SigningKeysRefresh"/>), so that one which is
/// published no more is soon worthless. An unknown key id makes one caller ask the source at once, at most once a second, so that neither a rotation nor
/// a flood of forged ids costs more than that; while the source is away the known keys go on.
/// </summary>
internal sealed class SigningKeys(ISigningKeySource source, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _refreshing = new(1, 1);
    private volatile Snapshot _known = new([], null);

    public IEnumerable<SecurityKey> Find(string keyId) => _known.Keys.Where(key => key.KeyId == keyId);

    /// <summary>Makes sure that <see cref="Find"/> knows the key if it exists.</summary>
    /// <exception cref="DependencyUnavailableException">No key has ever been fetched, and the source is away.</exception>
    public async Task EnsureAsync(string keyId, CancellationToken cancellationToken)
    {
        if (!IsDue(keyId, _known))
        {
            return;
        }

        await _refreshing.WaitAsync(cancellationToken);
        try
        {
            if (IsDue(keyId, _known))
            {
                await AskAsync(cancellationToken);
            }
        }
        finally
        {
            _refreshing.Release();
        }
    }

    /// <summary>Takes the keys that are published now for those there are.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _refreshing.WaitAsync(cancellationToken);
        try
        {
            // Whoever has an unknown key asks when they would have asked without this.
            _known = _known with { Keys = await source.GetAsync(cancellationToken) };
        }
        finally
        {
            _refreshing.Release();
        }
    }

    public void Dispose() => _refreshing.Dispose();

    private bool IsDue(string keyId, Snapshot known) =>
        known.Keys.Count == 0
        || ((known.AskedAt is not { } askedAt || clock.GetElapsedTime(askedAt) > Pause) && known.Keys.All(key => key.KeyId != keyId));

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            _known = new(await source.GetAsync(cancellationToken), clock.GetTimestamp());
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            if (_known.Keys.Count == 0)
            {
                throw new DependencyUnavailableException("The signing keys cannot be fetched.", e);
            }

            _known = _known with { AskedAt = clock.GetTimestamp() };
        }
    }

    private sealed record Snapshot(IReadOnlyCollection<SecurityKey> Keys, long? AskedAt);
}
