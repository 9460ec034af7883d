using Explaino.IdentityService.Codes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.IdentityService.Mail;

/// <summary>A wish to mail a code to an address, whoever's it is, if anybody's: the code itself is made when it is sent.</summary>
public sealed class OutgoingMail
{
    public required Guid Id { get; init; }

    public required string Email { get; init; }

    public required CodePurpose Purpose { get; init; }

    /// <summary>Who asked for it; null if the version before this one stored it.</summary>
    public required byte[]? Asker { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset NextAttemptAt { get; init; }

    public int Attempts { get; init; }

    public static OutgoingMail New(string email, CodePurpose purpose, byte[] asker, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return new() { Id = Guid.CreateVersion7(now), Email = email, Purpose = purpose, Asker = asker, CreatedAt = now, NextAttemptAt = now };
    }
}

internal sealed class OutgoingMailConfiguration : IEntityTypeConfiguration<OutgoingMail>
{
    public void Configure(EntityTypeBuilder<OutgoingMail> builder)
    {
        builder.ToTable("mails");
        builder.Property(mail => mail.Purpose).HasConversion<string>();
        builder.HasIndex(mail => mail.NextAttemptAt).HasDatabaseName("ix_mails_next_attempt_at");
        builder.HasIndex(mail => mail.Email).HasDatabaseName("ix_mails_email");
    }
}
