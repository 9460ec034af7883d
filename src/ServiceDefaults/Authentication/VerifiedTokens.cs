using System.Collections.Concurrent;
using System.Security.Claims;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Explaino.ServiceDefaults.Authentication;

/// <summary>
/// Verifies a token the first time it comes and remembers it: checking an ES256 signature costs more than most requests do besides. What may change
/// meanwhile is asked every time: its times and its key here, its session by <see cref="BearerEvents"/> (docs/adr/0023).
/// </summary>
internal sealed class VerifiedTokens(SigningKeys keys, TimeProvider clock) : TokenHandler
{
    /// <summary>More at once, and all are verified once more: what anybody can send must not fill the memory.</summary>
    private const int Capacity = 4_096;

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };
    private readonly ConcurrentDictionary<string, Verified> _known = new(StringComparer.Ordinal);

    /// <summary>The id of the key that the token names; null if it is none, or names no key.</summary>
    public string? KeyIdOf(string token) => _known.TryGetValue(token, out var verified) ? verified.Token.Kid : ReadKeyId(token);

    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        if (_known.TryGetValue(token, out var verified))
        {
            if (IsStillGood(verified.Token, validationParameters))
            {
                return verified.ToResult();
            }

            _known.TryRemove(token, out _);
        }

        var result = await _handler.ValidateTokenAsync(token, validationParameters);
        if (result is not { IsValid: true, SecurityToken: JsonWebToken read })
        {
            return result;
        }

        if (!TokenRules.Allow(read, clock.GetUtcNow()))
        {
            // Stryker disable once Boolean: without claims BearerEvents refuse it too.
            return new() { IsValid = false, Exception = new SecurityTokenException("The token is not one that Identity makes.") };
        }

        Remember(token, new(read, result.ClaimsIdentity));
        return result;
    }

    public override SecurityToken ReadToken(string token) => _handler.ReadToken(token);

    private bool IsStillGood(JsonWebToken token, TokenValidationParameters rules)
    {
        DateTime? notBefore = token.ValidFrom == DateTime.MinValue ? null : token.ValidFrom;
        return rules.LifetimeValidator(notBefore, token.ValidTo, token, rules) && keys.Find(token.Kid).Any();
    }

    private void Remember(string token, Verified verified)
    {
        if (_known.Count >= Capacity)
        {
            _known.Clear();
        }

        _known[token] = verified;
    }

    private string? ReadKeyId(string token)
    {
        try
        {
            return _handler.CanReadToken(token) && _handler.ReadJsonWebToken(token).Kid is { Length: > 0 } keyId ? keyId : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private sealed record Verified(JsonWebToken Token, ClaimsIdentity Identity)
    {
        // A copy, because whoever handles a request may add to its identity.
        public TokenValidationResult ToResult() => new() { IsValid = true, SecurityToken = Token, ClaimsIdentity = Identity.Clone() };
    }
}
