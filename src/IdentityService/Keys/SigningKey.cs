using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.IdentityService.Keys;

/// <summary>An ES256 key pair. Published from the moment it is stored; signs from <see cref="SignsFrom"/> until the next one does.</summary>
public sealed class SigningKey
{
    /// <summary>The <c>kid</c> of the tokens it signs.</summary>
    public required Guid Id { get; init; }

    /// <summary>PKCS #8, sealed by <see cref="SecretBox"/>.</summary>
    public required byte[] PrivateKey { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset SignsFrom { get; init; }
}

internal sealed class SigningKeyConfiguration : IEntityTypeConfiguration<SigningKey>
{
    public void Configure(EntityTypeBuilder<SigningKey> builder) => builder.ToTable("signing_keys");
}

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
