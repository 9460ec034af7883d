using Explaino.ServiceDefaults.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.IdentityModel.Tokens;

namespace Explaino.IdentityService.Keys;

/// <summary>What anyone needs to verify access tokens (OpenID Connect Discovery, RFC 7517).</summary>
internal static class WellKnownEndpoints
{
    private const string KeysPath = "/.well-known/jwks.json";

    public static void MapWellKnown(this IEndpointRouteBuilder routes)
    {
        var wellKnown = routes.MapGroup("").WithTags("Keys").AllowAnonymous();
        wellKnown.MapGet("/.well-known/openid-configuration", GetConfiguration)
            .WithName(nameof(GetConfiguration)).WithSummary("Get the issuer and where its keys are");
        wellKnown.MapGet(KeysPath, GetKeys).WithName(nameof(GetKeys)).WithSummary("Get the public signing keys, current and previous");
    }

    private static Ok<ConfigurationResponse> GetConfiguration(HttpContext http, IConfiguration configuration, IHostEnvironment environment)
    {
        var issuer = configuration.Issuer(environment);
        http.Response.Headers.CacheControl = "public, max-age=3600";
        return TypedResults.Ok(new ConfigurationResponse(
            issuer, $"{issuer.TrimEnd('/')}{KeysPath}", $"{issuer.TrimEnd('/')}/api/auth/token", ["ES256"], ["public"], ["token"]));
    }

    private static async Task<Ok<KeysResponse>> GetKeys(HttpContext http, StoredSigningKeys keys, CancellationToken cancellationToken)
    {
        var published = await keys.GetAsync(cancellationToken);
        http.Response.Headers.CacheControl = $"public, max-age={KeyRotation.Cacheable.TotalSeconds}";
        return TypedResults.Ok(new KeysResponse([.. published.OfType<ECDsaSecurityKey>().Select(KeyResponse.From)]));
    }

    private sealed record ConfigurationResponse(
        string Issuer,
        string JwksUri,
        string TokenEndpoint,
        IReadOnlyList<string> IdTokenSigningAlgValuesSupported,
        IReadOnlyList<string> SubjectTypesSupported,
        IReadOnlyList<string> ResponseTypesSupported);

    private sealed record KeysResponse(IReadOnlyList<KeyResponse> Keys);

    private sealed record KeyResponse(string Kty, string Crv, string Use, string Alg, string Kid, string X, string Y)
    {
        public static KeyResponse From(ECDsaSecurityKey key)
        {
            var point = key.ECDsa.ExportParameters(includePrivateParameters: false).Q;
            return new("EC", "P-256", "sig", "ES256", key.KeyId, Base64UrlEncoder.Encode(point.X), Base64UrlEncoder.Encode(point.Y));
        }
    }
}
