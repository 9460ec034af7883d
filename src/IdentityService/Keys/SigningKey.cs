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
