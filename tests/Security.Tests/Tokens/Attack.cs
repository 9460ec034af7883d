using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Explaino.Security.Tests.Tokens;

/// <summary>A token that must not be accepted, made of a good one.</summary>
public sealed record Attack(string Name, Func<Material, string> Make)
{
    public override string ToString() => Name;
}

/// <summary>What attacks are made of: a live session's token, Identity's key, and keys of the attacker's own.</summary>
public sealed record Material(TokenForge Forge, string Token, string RefreshToken, ECDsa OwnKey, RSA OwnRsaKey)
{
    public JsonObject Claims => TokenForge.ClaimsOf(Token);

    public JsonObject Header => Forge.Header;

    public string[] Parts => Token.Split('.');

    public byte[] Signature => System.Buffers.Text.Base64Url.DecodeFromChars(Parts[2]);

    public JsonObject ClaimsWith(string name, JsonNode? value) => With(Claims, name, value);

    public JsonObject ClaimsWithout(string name) => Without(Claims, name);

    public JsonObject HeaderWith(string name, JsonNode? value) => With(Header, name, value);

    /// <summary>The good claims, signed by the attacker under this header.</summary>
    public string SignedByAttacker(JsonObject header)
    {
        var content = TokenForge.Content(header.ToJsonString(), Claims.ToJsonString());
        return $"{content}.{TokenForge.Encode(OwnKey.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256))}";
    }

    /// <summary>The good claims under HS256, with something public for a secret.</summary>
    public string Hmac(byte[] secret, string algorithm = "HS256")
    {
        var content = TokenForge.Content(HeaderWith("alg", algorithm).ToJsonString(), Claims.ToJsonString());
        return $"{content}.{TokenForge.Encode(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(content)))}";
    }

    /// <summary>The good claims with no signature, or one that means nothing.</summary>
    public string WithoutSignature(JsonNode? algorithm, string signature = "") =>
        $"{TokenForge.Content(HeaderWith("alg", algorithm).ToJsonString(), Claims.ToJsonString())}.{signature}";

    public string WithSignature(byte[] signature) => $"{Parts[0]}.{Parts[1]}.{TokenForge.Encode(signature)}";

    public static JsonObject With(JsonObject target, string name, JsonNode? value)
    {
        target[name] = value;
        return target;
    }

    private static JsonObject Without(JsonObject target, string name)
    {
        target.Remove(name);
        return target;
    }
}
