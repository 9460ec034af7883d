using Explaino.IdentityService.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.IdentityService.Codes;

/// <summary>A one-time code that was mailed to a user, kept for an hour so that codes can be counted; see <see cref="MailedCodes"/>.</summary>
public sealed class MailedCode
{
    /// <summary>That of the mail that carries it: a mail that is sent again carries a new code in the place of the former.</summary>
    public required Guid Id { get; init; }

    public required Guid UserId { get; init; }

    public required CodePurpose Purpose { get; init; }

    /// <summary>The address that it was mailed to, where that is not the account's: what it makes the account's.</summary>
    public string? Email { get; init; }

    /// <summary>Who asked for it, as a hash: see <see cref="MailedCodes.AskerOf(HttpContext)"/>.</summary>
    public required byte[] Asker { get; init; }

    public required byte[] Hash { get; init; }

    /// <summary>Ten characters instead of six digits.</summary>
    public required bool IsLong { get; init; }

    public required DateTimeOffset MadeAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public List<CodeTries> Tries { get; } = [];
}

/// <summary>How many wrong guesses at a code one asker has made.</summary>
public sealed class CodeTries
{
    public required Guid CodeId { get; init; }

    public required byte[] Asker { get; init; }

    public required int Wrong { get; set; }
}

/// <summary>What the version before this one keeps its codes in, as long as it serves; the next version drops the table (docs/adr/0022).</summary>
public sealed class FormerCode
{
    public required Guid UserId { get; init; }

    public required CodePurpose Purpose { get; init; }

    public required byte[] Hash { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required int TriesLeft { get; init; }

    public required DateTimeOffset CountedFrom { get; init; }

    public required int Count { get; init; }
}

public enum CodePurpose
{
    PasswordReset,
    EmailVerification,
    AccountDeletion,
    EmailChange,
    EmailUndo,
}

internal sealed class MailedCodeConfiguration : IEntityTypeConfiguration<MailedCode>, IEntityTypeConfiguration<CodeTries>, IEntityTypeConfiguration<FormerCode>
{
    public void Configure(EntityTypeBuilder<MailedCode> builder)
    {
        builder.ToTable("mailed_codes");
        builder.Property(code => code.Purpose).HasConversion<string>();
        builder.HasOne<User>().WithMany().HasForeignKey(code => code.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasMany(code => code.Tries).WithOne().HasForeignKey(tries => tries.CodeId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(code => new { code.UserId, code.Purpose }).HasDatabaseName("ix_mailed_codes_user_id");
        builder.HasIndex(code => code.Email).HasFilter("email IS NOT NULL").HasDatabaseName("ix_mailed_codes_email");
        builder.HasIndex(code => code.MadeAt).HasDatabaseName("ix_mailed_codes_made_at");
    }

    public void Configure(EntityTypeBuilder<CodeTries> builder)
    {
        builder.ToTable("code_tries");
        builder.HasKey(tries => new { tries.CodeId, tries.Asker });
    }

    public void Configure(EntityTypeBuilder<FormerCode> builder)
    {
        builder.ToTable("codes");
        builder.HasKey(code => new { code.UserId, code.Purpose });
        builder.Property(code => code.Purpose).HasConversion<string>();
        builder.HasOne<User>().WithMany().HasForeignKey(code => code.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(code => code.CountedFrom).HasDatabaseName("ix_codes_counted_from");
    }
}
