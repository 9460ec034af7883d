using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Explaino.Testing;

/// <summary>
/// Stands where Identity stands, for the tests of one service alone: publishes a signing key over real HTTP, and makes
/// access tokens with it.
/// </summary>
public sealed class KeyIssuer : IAsyncDisposable
{
    /// <summary>How long Identity remembers a revocation: a token's life and a minute.</summary>
    private static readonly TimeSpan Remembered = new TokenOptions().Lifetime + TimeSpan.FromMinutes(1);

    private readonly ECDsa _foreignKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private string _keyId = Guid.CreateVersion7().ToString("n");
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _revoked = new();
    private readonly WebApplication _app;

    private KeyIssuer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Use(async (http, next) =>
        {
            Questions.Enqueue($"{http.Request.Path}{http.Request.QueryString}");
            if (IsUnwell)
            {
                http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            }

            await next(http);
        });
        _app.MapGet("/.well-known/openid-configuration", () => TypedResults.Json(new Dictionary<string, object>
        {
            ["issuer"] = Address,
            ["jwks_uri"] = $"{Address}/.well-known/jwks.json",
        }));
        _app.MapGet("/.well-known/jwks.json", () => TypedResults.Json(new { keys = new[] { PublicKey() } }));
        _app.MapGet("/internal/revoked-sessions", (DateTimeOffset? since) => TypedResults.Json(
            _revoked.Where(session => since is null || session.Value > since + Remembered).Select(session => new { session_id = session.Key, expires_at = session.Value })));
        _app.MapGet("/internal/people", async (Guid after) => TypedResults.Json(
            (await People()).OrderBy(person => (Guid)person["user_id"]!).Where(person => (Guid)person["user_id"]! > after).Take(2)));
    }

    /// <summary>Whether it answers nothing but 503.</summary>
    public bool IsUnwell { get; set; }

    /// <summary>Paths and queries of what it was asked, in order.</summary>
    public ConcurrentQueue<string> Questions { get; } = new();

    /// <summary>What Identity knows of people when a service asks, which may be anything by then; pages are of two.</summary>
    public Func<Task<IReadOnlyList<JsonObject>>> People { get; set; } = () => Task.FromResult<IReadOnlyList<JsonObject>>([]);

    /// <summary>The base address, and what tokens name as their issuer.</summary>
    public string Address => _app.Urls.Single();

    public static async Task<KeyIssuer> StartAsync()
    {
        var issuer = new KeyIssuer();
        await issuer._app.StartAsync();
        return issuer;
    }

    /// <summary>Lists the session as revoked for services that ask; the event is the test's to publish.</summary>
    public void Revoke(Guid sessionId) => _revoked[sessionId] = TimeProvider.System.GetUtcNow() + Remembered;

    /// <summary>Publishes another key instead of this one, as Identity does when others know it.</summary>
    public void ReplaceKey() => (_key, _keyId) = (ECDsa.Create(ECCurve.NamedCurves.nistP256), Guid.CreateVersion7().ToString("n"));

    public string Issue(TestUser user, TokenOptions? options = null)
    {
        options ??= new TokenOptions();
        return Sign(Header(options), Claims(user, options), options);
    }

    /// <summary>A header, for a test to change and to sign.</summary>
    public JsonObject Header(TokenOptions? options = null) => new() { ["typ"] = "JWT", ["alg"] = (options ?? new()).Algorithm, ["kid"] = _keyId };

    /// <summary>A user's claims, for a test to change and to sign.</summary>
    public JsonObject Claims(TestUser user, TokenOptions? options = null)
    {
        options ??= new TokenOptions();
        var issuedAt = options.IssuedAt ?? TimeProvider.System.GetUtcNow();
        return new()
        {
            ["iss"] = options.Issuer ?? Address,
            ["aud"] = options.Audience,
            ["sub"] = user.Id,
            ["sid"] = user.SessionId,
            ["jti"] = Guid.CreateVersion7(),
            ["iat"] = issuedAt.ToUnixTimeSeconds(),
            ["exp"] = (issuedAt + options.Lifetime).ToUnixTimeSeconds(),
            ["preferred_username"] = user.Username,
            ["email_verified"] = options.EmailVerified,
            ["roles"] = new JsonArray([.. user.Roles.Select(role => JsonValue.Create(role))]),
        };
    }

    public string Sign(JsonObject header, JsonObject claims, TokenOptions? options = null)
    {
        var content = $"{Encode(header)}.{(options?.Base64Url == false ? Encode(claims).Replace('-', '+').Replace('_', '/') : Encode(claims))}";
        return $"{content}.{Base64Url.EncodeToString(Sign(Encoding.ASCII.GetBytes(content), options ?? new()))}";
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
        _foreignKey.Dispose();
    }

    private static string Encode(JsonObject part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));

    private byte[] Sign(byte[] content, TokenOptions options) => options.Algorithm switch
    {
        "ES256" => (options.ForeignKey ? _foreignKey : _key).SignData(content, HashAlgorithmName.SHA256),
        "HS256" => HMACSHA256.HashData(_key.ExportSubjectPublicKeyInfo(), content),
        "none" => [],
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Algorithm, "No such algorithm."),
    };

    private object PublicKey()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        return new
        {
            kty = "EC",
            crv = "P-256",
            use = "sig",
            alg = "ES256",
            kid = _keyId,
            x = Base64Url.EncodeToString(point.X),
            y = Base64Url.EncodeToString(point.Y),
        };
    }
}
