using Explaino.IdentityService.Keys;
using Explaino.IdentityService.Users;
using Explaino.ServiceDefaults.Authentication;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Explaino.IdentityService.Sessions;

/// <summary>Access tokens: JWTs that any service verifies by itself from the published keys.</summary>
internal sealed class AccessTokens(StoredSigningKeys keys, IConfiguration configuration, IHostEnvironment environment)
{
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly string _issuer = configuration.Issuer(environment);

    /// <param name="user">As they were when the session was opened or prolonged, or later: what was read before that may be over.</param>
    /// <param name="sessionId">The session it belongs to, which is committed.</param>
    /// <param name="issuedAt">A time before that commit: so no token outlives the revocation of its session.</param>
    /// <param name="cancellationToken">Until it is signed.</param>
    public async Task<string> CreateAsync(User user, Guid sessionId, DateTimeOffset issuedAt, CancellationToken cancellationToken)
    {
        var key = await keys.GetCurrentAsync(cancellationToken);
        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = _issuer,
            Audience = BearerAuthentication.Audience,
            IssuedAt = issuedAt.UtcDateTime,
            Expires = (issuedAt + BearerAuthentication.Lifetime).UtcDateTime,
            SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.EcdsaSha256),
            Claims = new Dictionary<string, object>
            {
                ["sub"] = user.Id.ToString(),
                ["sid"] = sessionId.ToString(),
                ["jti"] = Guid.CreateVersion7(issuedAt).ToString(),
                ["preferred_username"] = user.Username,
                ["email_verified"] = user.EmailVerified,
                ["roles"] = user.Roles,
            },
        });
    }
}
