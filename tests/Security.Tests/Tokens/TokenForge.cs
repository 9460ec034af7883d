using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Explaino.Testing;
using Npgsql;

namespace Explaino.Security.Tests.Tokens;

/// <summary>
/// Holds the private key that Identity signs with, taken from its database and opened with the development key: so that a forged token is
/// wrong in exactly the one thing that its test names.
/// </summary>
public sealed class TokenForge
{
    private TokenForge(ECDsa key, string keyId)
    {
        Key = key;
        KeyId = keyId;
    }

    public ECDsa Key { get; }

    public string KeyId { get; }

    /// <summary>What a good token's header says.</summary>
    public JsonObject Header => new() { ["alg"] = "ES256", ["kid"] = KeyId, ["typ"] = "JWT" };

    public static async Task<TokenForge> OpenAsync(ExplainoSystem system)
    {
        await using var connection = new NpgsqlConnection(system.Databases[Service.Identity].SuperuserConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT id, private_key FROM signing_keys ORDER BY signs_from LIMIT 1", connection);
        await using var row = await command.ExecuteReaderAsync();
        Assert.True(await row.ReadAsync(), "Identity has a signing key.");
        var id = row.GetGuid(0);
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Unseal(row.GetFieldValue<byte[]>(1), id), out _);
        return new TokenForge(key, id.ToString("n"));
    }

    /// <summary>The claims of a token that Identity issued, to be changed.</summary>
    public static JsonObject ClaimsOf(string token) => JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]))!.AsObject();

    public string Sign(JsonObject claims, JsonObject? header = null) => Sign((header ?? Header).ToJsonString(), claims.ToJsonString());

    /// <summary>Signed as it stands, well-formed or not.</summary>
    public string Sign(string header, string claims)
    {
        var content = Content(header, claims);
        return $"{content}.{Encode(Key.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256))}";
    }

    public static string Content(string header, string claims) => $"{Encode(Encoding.UTF8.GetBytes(header))}.{Encode(Encoding.UTF8.GetBytes(claims))}";

    public static string Encode(byte[] part) => Base64Url.EncodeToString(part);

    // As SecretBox seals it, written anew: nonce, tag, cipher text, under a key that everybody knows in Development.
    private static byte[] Unseal(byte[] box, Guid id)
    {
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, "explaino development key, public"u8.ToArray(), 32, info: "explaino signing-keys"u8.ToArray());
        using var aes = new AesGcm(key, 16);
        var secret = new byte[box.Length - 28];
        aes.Decrypt(box.AsSpan(0, 12), box.AsSpan(28), box.AsSpan(12, 16), secret, id.ToByteArray(bigEndian: true));
        return secret;
    }
}
