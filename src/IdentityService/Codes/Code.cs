using Explaino.IdentityService.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.IdentityService.Codes;

/// <summary>The newest code that was mailed to a user for one purpose.</summary>
public sealed class Code
{
    public required Guid UserId { get; init; }

    public required CodePurpose Purpose { get; init; }

    public required byte[] Hash { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required int TriesLeft { get; init; }

    /// <summary>When the hour began in which the codes were counted.</summary>
    public required DateTimeOffset CountedFrom { get; init; }

    /// <summary>How many codes were made in that hour.</summary>
    public required int Count { get; init; }
}

public enum CodePurpose
{
    PasswordReset,
    EmailVerification,
}

internal sealed class CodeConfiguration : IEntityTypeConfiguration<Code>
{
    public void Configure(EntityTypeBuilder<Code> builder)
    {
        builder.ToTable("codes");
        builder.HasKey(code => new { code.UserId, code.Purpose });
        builder.Property(code => code.Purpose).HasConversion<string>();
        builder.HasOne<User>().WithMany().HasForeignKey(code => code.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(code => code.CountedFrom).HasDatabaseName("ix_codes_counted_from");
    }
}
