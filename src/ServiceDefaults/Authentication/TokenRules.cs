using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Explaino.ServiceDefaults.Authentication;

/// <summary>
/// What our tokens always are, for where the handler is lenient: unpadded base64url, objects that name nothing twice, no critical extension, as nobody
/// here knows any (RFC 7515 section 4.1.11), and no longer valid than a session is remembered as revoked.
/// </summary>
internal static class TokenRules
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };
    private static readonly SearchValues<char> Base64UrlAndDots = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    public static bool Allow(JsonWebToken token, DateTimeOffset now)
    {
        if (token.EncodedToken.AsSpan().ContainsAnyExcept(Base64UrlAndDots))
        {
            return false;
        }

        try
        {
            using var header = Parse(token.EncodedHeader);
            using var claims = Parse(token.EncodedPayload);
            return !header.RootElement.TryGetProperty("crit", out _)
                && claims.RootElement.GetProperty("iat").TryGetInt64(out var issued) && claims.RootElement.GetProperty("exp").TryGetInt64(out var expires)
                && issued <= (now + BearerAuthentication.Leeway).ToUnixTimeSeconds()
                && expires - issued <= BearerAuthentication.Lifetime.TotalSeconds;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            // Named twice, or not a number, or not there.
            return false;
        }
    }

    private static JsonDocument Parse(string part) => JsonDocument.Parse(Base64Url.DecodeFromChars(part), Strict);
}
