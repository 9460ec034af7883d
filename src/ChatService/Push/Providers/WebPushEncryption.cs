using System.Buffers.Binary;
using System.Security.Cryptography;
using Explaino.ChatService.Devices;

namespace Explaino.ChatService.Push.Providers;

/// <summary>Encryption for one browser (RFC 8291 over RFC 8188, <c>aes128gcm</c>): its push service carries what it cannot read.</summary>
internal static class WebPushEncryption
{
    private const int RecordSize = 4_096;
    private const byte LastRecord = 2;

    public static byte[] Encrypt(byte[] content, WebPushSubscription browser)
    {
        using var own = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        using var theirs = ECDiffieHellman.Create(PointOf(browser.PublicKey));
        var point = own.PublicKey.ExportParameters().Q;
        byte[] publicKey = [4, .. point.X!, .. point.Y!];
        var salt = RandomNumberGenerator.GetBytes(16);

        var material = Derive(own.DeriveRawSecretAgreement(theirs.PublicKey), 32, browser.AuthenticationSecret, [.. "WebPush: info\0"u8, .. browser.PublicKey, .. publicKey]);
        using var cipher = new AesGcm(Derive(material, 16, salt, "Content-Encoding: aes128gcm\0"u8), AesGcm.TagByteSizes.MaxSize);
        var (encrypted, tag) = (new byte[content.Length + 1], new byte[AesGcm.TagByteSizes.MaxSize]);
        byte[] record = [.. content, LastRecord];
        cipher.Encrypt(Derive(material, 12, salt, "Content-Encoding: nonce\0"u8), record, encrypted, tag);

        var size = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(size, RecordSize);
        return [.. salt, .. size, (byte)publicKey.Length, .. publicKey, .. encrypted, .. tag];
    }

    private static ECParameters PointOf(byte[] publicKey) => new()
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new() { X = publicKey[1..33], Y = publicKey[33..] },
    };

    private static byte[] Derive(byte[] secret, int length, byte[] salt, ReadOnlySpan<byte> info) => HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, length, salt, info.ToArray());
}
