using Explaino.IdentityService.Codes;
using Explaino.IdentityService.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.IdentityService.Mail;

/// <summary>A wish to mail something to an address, whoever's it is, if anybody's: a code is made when it is sent.</summary>
public sealed class OutgoingMail
{
    public const int MaximumDetailLength = 500;

    public required Guid Id { get; init; }

    /// <summary>As addresses are compared.</summary>
    public required string Email { get; init; }

    public required MailPurpose Purpose { get; init; }

    /// <summary>Whom it concerns, where the address is not that of their account; else it is whoever has the address by then.</summary>
    public Guid? UserId { get; init; }

    /// <summary>What a notice tells: a device, a time.</summary>
    public string? Detail { get; init; }

    /// <summary>Who asked for it; null if nobody did, or the version before this one stored it.</summary>
    public required byte[]? Asker { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset NextAttemptAt { get; init; }

    public int Attempts { get; init; }

    /// <summary>A mail with a code.</summary>
    public static OutgoingMail New(string email, MailPurpose purpose, byte[] asker, TimeProvider clock, Guid? userId = null)
    {
        var now = clock.GetUtcNow();
        return new() { Id = Guid.CreateVersion7(now), Email = email, Purpose = purpose, UserId = userId, Asker = asker, CreatedAt = now, NextAttemptAt = now };
    }

    /// <summary>A security notice, which nobody asked for.</summary>
    public static OutgoingMail Notice(User user, MailPurpose purpose, TimeProvider clock, string? detail = null)
    {
        var now = clock.GetUtcNow();
        return new()
        {
            Id = Guid.CreateVersion7(now),
            Email = user.NormalizedEmail,
            Purpose = purpose,
            Detail = detail,
            Asker = null,
            CreatedAt = now,
            NextAttemptAt = now,
        };
    }
}

/// <summary>What a mail is for. Those that carry a code are named as its <see cref="CodePurpose"/>.</summary>
public enum MailPurpose
{
    PasswordReset,
    EmailVerification,
    AccountDeletion,
    EmailChange,
    EmailUndo,
    EmailTaken,
    PasswordChanged,
    NewDevice,
    SessionsEnded,
    AccountSuspended,
}

internal sealed class OutgoingMailConfiguration : IEntityTypeConfiguration<OutgoingMail>
{
    public void Configure(EntityTypeBuilder<OutgoingMail> builder)
    {
        builder.ToTable("mails");
        builder.Property(mail => mail.Purpose).HasConversion<string>();
        builder.Property(mail => mail.Detail).HasMaxLength(OutgoingMail.MaximumDetailLength);
        builder.HasOne<User>().WithMany().HasForeignKey(mail => mail.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(mail => mail.NextAttemptAt).HasDatabaseName("ix_mails_next_attempt_at");
        builder.HasIndex(mail => mail.Email).HasDatabaseName("ix_mails_email");
        builder.HasIndex(mail => mail.UserId).HasDatabaseName("ix_mails_user_id");
    }
}
