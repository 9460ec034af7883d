namespace Explaino.IdentityService.Keys;

/// <summary>The <c>Keys</c> section of configuration.</summary>
internal sealed class KeyOptions
{
    /// <summary>For Development only, and refused elsewhere: everybody who reads this knows it.</summary>
    public static readonly string DevelopmentEncryptionKey = Convert.ToBase64String("explaino development key, public"u8);

    /// <summary>32 bytes in base64, which encrypt the private signing keys in the database.</summary>
    public string EncryptionKey { get; set; } = "";

    /// <summary>How long a key signs before the next one does.</summary>
    public TimeSpan RotationPeriod { get; set; } = TimeSpan.FromDays(30);

    public byte[]? DecodedEncryptionKey =>
        new byte[33] is var buffer && Convert.TryFromBase64String(EncryptionKey, buffer, out var length) && length == 32 ? buffer[..32] : null;
}
