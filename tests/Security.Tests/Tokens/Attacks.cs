using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Explaino.Security.Tests.Tokens;

/// <summary>Every way of forging a token that we know of (RFC 8725, OWASP, known CVEs).</summary>
internal static class Attacks
{
    private static readonly string[] NoneSpellings = ["none", "None", "NONE", "nOnE", "none ", ""];
    private static readonly string[] KeyIds =
        ["", "../../../../dev/null", "/dev/null", "' OR '1'='1", "x'; DROP TABLE signing_keys; --", "https://attacker.example/jwks.json", "\u0000", "*", "unknown"];

    public static readonly Attack[] All = [.. WithoutSignature(), .. ForeignKeys(), .. HeaderKeys(), .. Signatures(), .. Claims(), .. Shapes()];

    private static IEnumerable<Attack> WithoutSignature() =>
    [
        .. NoneSpellings.Select(none => new Attack($"alg \"{none}\"", material => material.WithoutSignature(none))),
        new("alg none with the good signature", material => material.WithoutSignature("none", material.Parts[2])),
        new("alg null", material => material.WithoutSignature(null)),
        new("alg a list", material => material.WithoutSignature(new JsonArray("none", "ES256"))),
        new("alg ES256 without a signature", material => material.WithoutSignature("ES256")),
        new("no alg", material => { var header = material.Header; header.Remove("alg"); return material.Forge.Sign(material.Claims, header); }),
        new("alg twice", material => $"{TokenForge.Content($$"""{"alg":"ES256","typ":"JWT","kid":"{{material.Forge.KeyId}}","alg":"none"}""", material.Claims.ToJsonString())}."),
    ];

    private static IEnumerable<Attack> ForeignKeys() =>
    [
        new("another key under the good kid", material => material.SignedByAttacker(material.Header)),
        new("HS256 with the public key as PEM", material => material.Hmac(Encoding.ASCII.GetBytes(material.Forge.Key.ExportSubjectPublicKeyInfoPem()))),
        new("HS256 with the public key as PEM and a newline", material => material.Hmac(Encoding.ASCII.GetBytes(material.Forge.Key.ExportSubjectPublicKeyInfoPem() + "\n"))),
        new("HS256 with the public key as DER", material => material.Hmac(material.Forge.Key.ExportSubjectPublicKeyInfo())),
        new("HS256 with the public point", material => material.Hmac([.. material.Forge.Key.ExportParameters(false).Q.X!, .. material.Forge.Key.ExportParameters(false).Q.Y!])),
        new("HS256 with x alone", material => material.Hmac(material.Forge.Key.ExportParameters(false).Q.X!)),
        new("HS256 with the JWK", material => material.Hmac(Encoding.UTF8.GetBytes(Jwk(material.Forge.Key).ToJsonString()))),
        new("HS256 with the kid", material => material.Hmac(Encoding.UTF8.GetBytes(material.Forge.KeyId))),
        new("HS256 with an empty secret", material => material.Hmac([])),
        new("ES256 in the header, HS256 in truth", material => material.Hmac(material.Forge.Key.ExportSubjectPublicKeyInfo(), "ES256")),
        new("RS256 with an own key", material => Rsa(material, "RS256")),
        new("PS256 with an own key", material => Rsa(material, "PS256")),
        new("ES384 with the own curve", material => Curve(material, ECCurve.NamedCurves.nistP384, HashAlgorithmName.SHA384, "ES384")),
        new("ES512 with the own curve", material => Curve(material, ECCurve.NamedCurves.nistP521, HashAlgorithmName.SHA512, "ES512")),
        new("ES384 named, Identity's key", material => material.Forge.Sign(material.Claims, material.HeaderWith("alg", "ES384"))),
        new("es256 in small letters", material => material.Forge.Sign(material.Claims, material.HeaderWith("alg", "es256"))),
        new("EdDSA named, Identity's key", material => material.Forge.Sign(material.Claims, material.HeaderWith("alg", "EdDSA"))),
    ];

    private static IEnumerable<Attack> HeaderKeys() =>
    [
        .. KeyIds.Select(kid => new Attack($"kid \"{kid}\"", material => material.SignedByAttacker(material.HeaderWith("kid", kid)))),
        new("kid very long", material => material.SignedByAttacker(material.HeaderWith("kid", new string('k', 10_000)))),
        new("kid a list", material => material.SignedByAttacker(material.HeaderWith("kid", new JsonArray(material.Forge.KeyId)))),
        new("kid unknown, HS256 over nothing", material => material.Hmac([]).Replace(material.Forge.KeyId, "../../dev/null")),
        new("jwk in the header", material => material.SignedByAttacker(material.HeaderWith("jwk", Jwk(material.OwnKey)))),
        new("jwk in the header, no kid", material => { var header = material.HeaderWith("jwk", Jwk(material.OwnKey)); header.Remove("kid"); return material.SignedByAttacker(header); }),
        new("jku in the header", material => material.SignedByAttacker(material.HeaderWith("jku", "https://attacker.example/jwks.json"))),
        new("x5u in the header", material => material.SignedByAttacker(material.HeaderWith("x5u", "https://attacker.example/cert.pem"))),
        new("x5c in the header", material => material.SignedByAttacker(material.HeaderWith("x5c", new JsonArray(Certificate(material.OwnKey))))),
        new("no kid, Identity's key", material => { var header = material.Header; header.Remove("kid"); return material.Forge.Sign(material.Claims, header); }),
        new("crit unknown", material => material.Forge.Sign(material.Claims, Material.With(material.HeaderWith("crit", new JsonArray("exp2")), "exp2", 1))),
        new("b64 false", material => material.Forge.Sign(material.Claims, Material.With(material.HeaderWith("crit", new JsonArray("b64")), "b64", false))),
        .. new[] { "at+JWT+x", "secevent+jwt", "refresh+jwt", "JWE", "", "logout+jwt" }.Select(typ => new Attack($"typ \"{typ}\"", material => material.Forge.Sign(material.Claims, material.HeaderWith("typ", typ)))),
        new("kid twice", material => material.Forge.Sign($$"""{"alg":"ES256","typ":"JWT","kid":"x","kid":"{{material.Forge.KeyId}}"}""", material.Claims.ToJsonString())),
    ];

    private static IEnumerable<Attack> Signatures() =>
    [
        new("all zero (psychic)", material => material.WithSignature(new byte[64])),
        new("r and s the order of the curve", material => material.WithSignature([.. Order, .. Order])),
        new("truncated by a byte", material => material.WithSignature(material.Signature[..63])),
        new("half", material => material.WithSignature(material.Signature[..32])),
        new("empty", material => material.WithSignature([])),
        new("doubled", material => material.WithSignature([.. material.Signature, .. material.Signature])),
        new("a byte more", material => material.WithSignature([.. material.Signature, 0])),
        new("a zero before", material => material.WithSignature([0, .. material.Signature])),
        new("one bit", material => { var signature = material.Signature; signature[17] ^= 1; return material.WithSignature(signature); }),
        new("DER", material => Der(material)),
        new("another session's payload", material => $"{material.Parts[0]}.{TokenForge.Encode(Encoding.UTF8.GetBytes(material.ClaimsWith("sid", Guid.CreateVersion7()).ToJsonString()))}.{material.Parts[2]}"),
        new("made an admin", material => $"{material.Parts[0]}.{TokenForge.Encode(Encoding.UTF8.GetBytes(material.ClaimsWith("roles", new JsonArray("admin")).ToJsonString()))}.{material.Parts[2]}"),
    ];

    private static IEnumerable<Attack> Claims() =>
    [
        .. new[] { "exp", "sub", "sid", "aud", "iss", "iat" }.Select(name => new Attack($"without {name}", material => material.Forge.Sign(material.ClaimsWithout(name)))),
        new("sub nobody", material => material.Forge.Sign(material.ClaimsWith("sub", "admin"))),
        new("sub a list", material => material.Forge.Sign(material.ClaimsWith("sub", new JsonArray(material.Claims["sub"]!.DeepClone(), Guid.CreateVersion7())))),
        new("sid of nobody", material => material.Forge.Sign(material.ClaimsWith("sid", "x"))),
        new("aud another", material => material.Forge.Sign(material.ClaimsWith("aud", "explaino-admin"))),
        new("aud in capitals", material => material.Forge.Sign(material.ClaimsWith("aud", "EXPLAINO"))),
        new("aud empty", material => material.Forge.Sign(material.ClaimsWith("aud", new JsonArray()))),
        new("iss another", material => material.Forge.Sign(material.ClaimsWith("iss", "https://attacker.example"))),
        new("iss with something behind", material => material.Forge.Sign(material.ClaimsWith("iss", $"{material.Claims["iss"]}.attacker.example"))),
        new("nbf tomorrow", material => material.Forge.Sign(material.ClaimsWith("nbf", Seconds(TimeSpan.FromDays(1))))),
        new("iat tomorrow", material => material.Forge.Sign(Material.With(material.ClaimsWith("iat", Seconds(TimeSpan.FromDays(1))), "exp", Seconds(TimeSpan.FromDays(1.01))))),
        new("exp a minute ago", material => material.Forge.Sign(material.ClaimsWith("exp", Seconds(TimeSpan.FromMinutes(-1))))),
        new("exp in an hour", material => material.Forge.Sign(material.ClaimsWith("exp", Seconds(TimeSpan.FromHours(1))))),
        new("exp in ten years", material => material.Forge.Sign(material.ClaimsWith("exp", Seconds(TimeSpan.FromDays(3650))))),
        new("exp negative", material => material.Forge.Sign(material.ClaimsWith("exp", -1))),
        new("exp zero", material => material.Forge.Sign(material.ClaimsWith("exp", 0))),
        new("exp huge", material => material.Forge.Sign(material.ClaimsWith("exp", long.MaxValue))),
        new("exp beyond any number", material => Raw(material, "exp", "1e400")),
        new("exp a word", material => material.Forge.Sign(material.ClaimsWith("exp", "never"))),
        new("exp null", material => material.Forge.Sign(material.ClaimsWith("exp", null))),
        new("exp as text, in ten years", material => material.Forge.Sign(material.ClaimsWith("exp", Seconds(TimeSpan.FromDays(3650)).ToString(CultureInfo.InvariantCulture)))),
        new("sub twice", material => material.Forge.Sign(material.Header.ToJsonString(), $$"""{"sub":"{{Guid.CreateVersion7()}}",{{material.Claims.ToJsonString()[1..]}}""")),
        new("roles twice", material => material.Forge.Sign(material.Header.ToJsonString(), $$"""{"roles":["admin"],{{material.Claims.ToJsonString()[1..]}}""")),
    ];

    private static IEnumerable<Attack> Shapes() =>
    [
        new("empty", _ => ""),
        new("dots", _ => ".."),
        new("two parts", material => $"{material.Parts[0]}.{material.Parts[1]}"),
        new("four parts", material => $"{material.Token}.{material.Parts[2]}"),
        new("five parts, as a JWE", material => string.Join('.', TokenForge.Encode("""{"alg":"dir","enc":"A256GCM","typ":"JWT"}"""u8.ToArray()), "", material.Parts[0], material.Parts[1], material.Parts[2])),
        new("nested in another", material => material.Forge.Sign($$"""{"alg":"ES256","typ":"JWT","cty":"JWT","kid":"{{material.Forge.KeyId}}"}""", material.Token)),
        new("twice with a comma", material => $"{material.Token},{material.Token}"),
        new("padded signature", material => material.Token + "=="),
        new("padded header", material => $"{material.Parts[0]}=.{material.Parts[1]}.{material.Parts[2]}"),
        new("percent-encoded dots", material => material.Token.Replace(".", "%2E", StringComparison.Ordinal)),
        new("quoted", material => $"\"{material.Token}\""),
        new("a blank inside", material => material.Token.Insert(material.Parts[0].Length + 5, " ")),
        new("in capitals", material => material.Token.ToUpperInvariant()),
        new("header no object", material => material.Forge.Sign("[]", material.Claims.ToJsonString())),
        new("claims no object", material => material.Forge.Sign(material.Header.ToJsonString(), "[]")),
        new("claims no JSON", material => material.Forge.Sign(material.Header.ToJsonString(), "sub=admin")),
        new("claims deeply nested", material => material.Forge.Sign(material.Header.ToJsonString(), string.Concat(Enumerable.Repeat("""{"a":""", 1000)) + "1" + new string('}', 1000))),
        new("very long", material => material.Forge.Sign(material.ClaimsWith("roles", new string('a', 12_000)).ToJsonString(), "{}")),
        new("a refresh token", material => material.RefreshToken),
        new("the header of another token", material => $"{TokenForge.Encode("""{"alg":"ES256","typ":"JWT"}"""u8.ToArray())}.{material.Parts[1]}.{material.Parts[2]}"),
    ];

    // The order of P-256: r or s of it are zero in the field.
    private static readonly byte[] Order = Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");

    private static long Seconds(TimeSpan fromNow) => (TimeProvider.System.GetUtcNow() + fromNow).ToUnixTimeSeconds();

    private static string Raw(Material material, string name, string json) =>
        material.Forge.Sign(material.Header.ToJsonString(), material.ClaimsWith(name, "here").ToJsonString().Replace("\"here\"", json, StringComparison.Ordinal));

    private static string Der(Material material)
    {
        var content = $"{material.Parts[0]}.{material.Parts[1]}";
        return $"{content}.{TokenForge.Encode(material.Forge.Key.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence))}";
    }

    private static string Rsa(Material material, string algorithm)
    {
        var content = TokenForge.Content(material.HeaderWith("alg", algorithm).ToJsonString(), material.Claims.ToJsonString());
        var padding = algorithm == "RS256" ? RSASignaturePadding.Pkcs1 : RSASignaturePadding.Pss;
        return $"{content}.{TokenForge.Encode(material.OwnRsaKey.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256, padding))}";
    }

    private static string Curve(Material material, ECCurve curve, HashAlgorithmName hash, string algorithm)
    {
        using var key = ECDsa.Create(curve);
        var content = TokenForge.Content(material.HeaderWith("alg", algorithm).ToJsonString(), material.Claims.ToJsonString());
        return $"{content}.{TokenForge.Encode(key.SignData(Encoding.ASCII.GetBytes(content), hash))}";
    }

    private static JsonObject Jwk(ECDsa key)
    {
        var point = key.ExportParameters(false).Q;
        return new() { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = TokenForge.Encode(point.X!), ["y"] = TokenForge.Encode(point.Y!) };
    }

    private static string Certificate(ECDsa key)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=attacker", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return Convert.ToBase64String(certificate.RawData);
    }
}
