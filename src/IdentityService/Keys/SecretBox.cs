using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Explaino.IdentityService.Keys;

/// <summary>Encryption at rest of what must not be read from a stolen copy of the database: AES-GCM and HMAC under keys derived from <c>Keys:EncryptionKey</c>.</summary>
internal sealed class SecretBox(IOptions<KeyOptions> options)
{
    private readonly byte[] _encryptionKey = Derive(options, "signing-keys");
    private readonly byte[] _hashKey = Derive(options, "codes");

    /// <param name="secret">What to hide.</param>
    /// <param name="owner">What it belongs to: it opens for nothing else.</param>
    public byte[] Seal(byte[] secret, Guid owner)
    {
        var box = new byte[AesGcm.NonceByteSizes.MaxSize + AesGcm.TagByteSizes.MaxSize + secret.Length];
        var (nonce, tag, cipher) = Parts(box);
        RandomNumberGenerator.Fill(nonce.Span);
        using var aes = new AesGcm(_encryptionKey, tag.Length);
        aes.Encrypt(nonce.Span, secret, cipher.Span, tag.Span, owner.ToByteArray(bigEndian: true));
        return box;
    }

    /// <exception cref="CryptographicException">It was sealed under another key, or for another owner.</exception>
    public byte[] Open(byte[] box, Guid owner)
    {
        var (nonce, tag, cipher) = Parts(box);
        var secret = new byte[cipher.Length];
        using var aes = new AesGcm(_encryptionKey, tag.Length);
        aes.Decrypt(nonce.Span, cipher.Span, tag.Span, secret, owner.ToByteArray(bigEndian: true));
        return secret;
    }

    /// <summary>A hash that cannot be searched without the key, for secrets as short as a code of six digits.</summary>
    public byte[] Hash(string text) => HMACSHA256.HashData(_hashKey, Encoding.UTF8.GetBytes(text));

    private static (Memory<byte> Nonce, Memory<byte> Tag, Memory<byte> Cipher) Parts(byte[] box)
    {
        var (nonce, tag) = (AesGcm.NonceByteSizes.MaxSize, AesGcm.TagByteSizes.MaxSize);
        return (box.AsMemory(0, nonce), box.AsMemory(nonce, tag), box.AsMemory(nonce + tag));
    }

    private static byte[] Derive(IOptions<KeyOptions> options, string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, options.Value.DecodedEncryptionKey!, 32, info: Encoding.UTF8.GetBytes($"explaino {purpose}"));
}
