using Microsoft.IdentityModel.Tokens;

namespace Explaino.ServiceDefaults.Authentication;

/// <summary>Where the public keys come from: Identity's own store, or its <c>jwks.json</c>.</summary>
public interface ISigningKeySource
{
    Task<IReadOnlyCollection<SecurityKey>> GetAsync(CancellationToken cancellationToken);
}

/// <summary>Whether a session has been revoked: asked of the database by Identity, of memory elsewhere.</summary>
public interface ISessionRevocations
{
    /// <exception cref="Errors.DependencyUnavailableException">It cannot be known yet.</exception>
    ValueTask<bool> IsRevokedAsync(Guid sessionId, Guid userId, CancellationToken cancellationToken);
}
