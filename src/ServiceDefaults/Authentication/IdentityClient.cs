using System.Net.Http.Json;
using Microsoft.IdentityModel.Tokens;

namespace Explaino.ServiceDefaults.Authentication;

/// <summary>What a service asks of IdentityService, never on the path of a request that has a known key.</summary>
internal sealed class IdentityClient(HttpClient http) : ISigningKeySource
{
    public async Task<IReadOnlyCollection<SecurityKey>> GetAsync(CancellationToken cancellationToken) =>
        [.. new JsonWebKeySet(await http.GetStringAsync("/.well-known/jwks.json", cancellationToken)).GetSigningKeys()];

    /// <summary>The revoked sessions whose access tokens have not all expired yet; of these only what was revoked since then, if that is said.</summary>
    public async Task<IReadOnlyList<RevokedSession>> GetRevokedSessionsAsync(DateTimeOffset? since, CancellationToken cancellationToken) =>
        (await http.GetFromJsonAsync<List<RevokedSession>>(
            $"/internal/revoked-sessions{(since is null ? "" : $"?since={since.Value.UtcDateTime:O}")}", Wire, cancellationToken))!;

    private static readonly System.Text.Json.JsonSerializerOptions Wire = Json.JsonConventions.Apply(new());
}

/// <param name="SessionId">The <c>sid</c> of the tokens to refuse.</param>
/// <param name="ExpiresAt">When the last of them expires by itself.</param>
public sealed record RevokedSession(Guid SessionId, DateTimeOffset ExpiresAt);
