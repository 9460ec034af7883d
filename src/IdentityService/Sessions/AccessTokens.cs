using Explaino.IdentityService.Keys;
using Explaino.IdentityService.Users;
using Explaino.ServiceDefaults.Authentication;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Explaino.IdentityService.Sessions;

/// <summary>Makes access tokens: JWTs that any service verifies by itself from the published keys.</summary>
internal sealed class AccessTokens(StoredSigningKeys keys, IConfiguration configuration, IHostEnvironment environment, TimeProvider clock)
{
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly string _issuer = configuration.Issuer(environment);

    public async Task<string> CreateAsync(User user, Guid sessionId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var key = await keys.GetCurrentAsync(cancellationToken);
        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = _issuer,
            Audience = BearerAuthentication.Audience,
            IssuedAt = now.UtcDateTime,
            Expires = (now + BearerAuthentication.Lifetime).UtcDateTime,
            SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.EcdsaSha256),
            Claims = new Dictionary<string, object>
            {
                ["sub"] = user.Id.ToString(),
                ["sid"] = sessionId.ToString(),
                ["jti"] = Guid.CreateVersion7(now).ToString(),
                ["preferred_username"] = user.Username,
                ["roles"] = user.Roles,
            },
        });
    }
}
