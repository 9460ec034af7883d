using Explaino.ServiceData.Postgres;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.IdentityService.Users;

internal sealed class UserConfiguration : IEntityTypeConfiguration<User>
{
    public const string UniqueEmailIndex = "ux_users_email";
    public const string UniqueUsernameIndex = "ux_users_username";
    public const string UniquePhoneNumberIndex = "ux_users_phone_number";

    // Byte order: the same on every server, and an index of it serves prefixes as well.
    private const string ByteOrder = "C";

    public void Configure(EntityTypeBuilder<User> builder)
    {
        builder.ToTable("users");
        builder.Property(user => user.AcceptedTerms).HasMaxLength(TermsOptions.MaximumLength);
        builder.Ignore(user => user.Roles);
        builder.Property(user => user.Email).HasMaxLength(255);
        builder.Property(user => user.NormalizedEmail).HasMaxLength(255).UseCollation(ByteOrder);
        builder.Property(user => user.Username).HasMaxLength(16);
        builder.Property(user => user.NormalizedUsername).HasMaxLength(16).UseCollation(ByteOrder);
        builder.Property(user => user.FirstName).HasMaxLength(50);
        builder.Property(user => user.NormalizedFirstName).UseCollation(ByteOrder);
        builder.Property(user => user.LastName).HasMaxLength(50);
        builder.Property(user => user.NormalizedLastName).UseCollation(ByteOrder);
        builder.Property(user => user.PhoneNumber).HasMaxLength(16);
        builder.Property(user => user.WrongCodes).HasDefaultValue(0);
        builder.Property(user => user.PhoneNumberTries).HasDefaultValue(0);
        builder.Property(user => user.SuspensionReason).HasMaxLength(Suspension.MaximumReasonLength);
        builder.Property(user => user.Bio).HasMaxLength(500);
        builder.Property(user => user.ProfileImage).HasMaxLength(500);
        builder.Property(user => user.Words).IsWrittenByTheDatabase();

        builder.HasIndex(user => user.NormalizedEmail).IsUnique().HasDatabaseName(UniqueEmailIndex);
        builder.HasIndex(user => user.NormalizedUsername).IsUnique().HasDatabaseName(UniqueUsernameIndex);
        builder.HasIndex(user => user.PhoneNumber).IsUnique().HasDatabaseName(UniquePhoneNumberIndex);
        builder.HasIndex(user => user.NormalizedFirstName).HasDatabaseName("ix_users_first_name");
        builder.HasIndex(user => user.NormalizedLastName).HasDatabaseName("ix_users_last_name");
        builder.HasIndex(user => user.Words).HasMethod("gin").IsCreatedConcurrently().HasDatabaseName("ix_users_words");
        builder.HasIndex(user => user.CreatedAt).HasDatabaseName("ix_users_created_at");
        builder.HasIndex(user => user.Id).HasFilter("is_admin").HasDatabaseName("ix_users_admins");
    }
}
