using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Explaino.ChatService.Push.Providers;

/// <summary>JWT (RFC 7519), as providers want to be shown: signed with ES256 or RS256.</summary>
internal static class SignedToken
{
    public static string Make(ECDsa key, object head, object claims) =>
        Make(head, claims, text => key.SignData(text, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));

    public static string Make(RSA key, object head, object claims) => Make(head, claims, text => key.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    private static string Make(object head, object claims, Func<byte[], byte[]> sign)
    {
        var text = $"{Part(head)}.{Part(claims)}";
        return $"{text}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(text)))}";
    }

    private static string Part(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}
