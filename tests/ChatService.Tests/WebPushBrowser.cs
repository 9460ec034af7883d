using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace Explaino.ChatService.Tests;

/// <summary>A browser's side of Web Push: its keys, and how it reads what is encrypted for it (RFC 8188, RFC 8291).</summary>
internal sealed class WebPushBrowser
{
    private readonly ECDiffieHellman _key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(16);

    public static byte[] PointOf(ECPoint point) => [4, .. point.X!, .. point.Y!];

    public string Subscription(Uri endpoint) => new JsonObject
    {
        ["endpoint"] = endpoint.AbsoluteUri,
        ["keys"] = new JsonObject { ["p256dh"] = WebEncoders.Base64UrlEncode(PublicKey), ["auth"] = WebEncoders.Base64UrlEncode(_secret) },
    }.ToJsonString();

    public byte[] Decrypt(byte[] body)
    {
        var (salt, senderKey, cipher) = (body[..16], body[21..(21 + body[20])], body[(21 + body[20])..]);
        using var sender = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = senderKey[1..33], Y = senderKey[33..] } });
        var shared = _key.DeriveRawSecretAgreement(sender.PublicKey);
        var material = HKDF.DeriveKey(HashAlgorithmName.SHA256, shared, 32, _secret, [.. "WebPush: info\0"u8, .. PublicKey, .. senderKey]);
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, material, 16, salt, [.. "Content-Encoding: aes128gcm\0"u8]);
        var nonce = HKDF.DeriveKey(HashAlgorithmName.SHA256, material, 12, salt, [.. "Content-Encoding: nonce\0"u8]);
        var padded = new byte[cipher.Length - 16];
        using var aes = new AesGcm(key, 16);
        aes.Decrypt(nonce, cipher[..^16], cipher[^16..], padded);
        var end = Array.FindLastIndex(padded, value => value != 0);
        Assert.Equal(2, padded[end]);
        return padded[..end];
    }

    private byte[] PublicKey => PointOf(_key.PublicKey.ExportParameters().Q);
}
