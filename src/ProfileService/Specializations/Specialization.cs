using Explaino.ProfileService.Data;
using Explaino.ProfileService.Profiles;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.ProfileService.Specializations;

/// <summary>A field that people can name as theirs; admins keep the list.</summary>
internal sealed class Specialization
{
    public required Guid Id { get; init; }

    public required string Name { get; set; }

    public string? Description { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }
}

/// <summary>One person's choice of a specialization.</summary>
internal sealed class UserSpecialization
{
    public required Guid Id { get; init; }

    public required Guid UserId { get; init; }

    public required Guid SpecializationId { get; init; }

    public required DateTimeOffset AddedAt { get; init; }
}

internal sealed class SpecializationConfiguration : IEntityTypeConfiguration<Specialization>
{
    public const string UniqueName = "ux_specializations_name";

    private static readonly DateTimeOffset Seeded = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public void Configure(EntityTypeBuilder<Specialization> builder)
    {
        builder.ToTable("specializations");
        builder.Property(specialization => specialization.Name).HasMaxLength(100);
        builder.Property(specialization => specialization.Description).HasMaxLength(500);
        builder.HasNameKey();
        builder.HasIndex(CaseInsensitive.NameKey).IsUnique().HasDatabaseName(UniqueName);
        builder.HasData(
            Seed(1, "Back-end development"),
            Seed(2, "Front-end development"),
            Seed(3, "Mobile development"),
            Seed(4, "Data science"),
            Seed(5, "Machine learning"),
            Seed(6, "Artificial intelligence"),
            Seed(7, "Cybersecurity"),
            Seed(8, "Cloud computing"),
            Seed(9, "DevOps"),
            Seed(10, "Databases"));
    }

    private static Specialization Seed(int number, string name) => new()
    {
        Id = new Guid($"019b76da-a800-7000-8000-{number:d12}"),
        Name = name,
        CreatedAt = Seeded,
        UpdatedAt = Seeded,
    };
}

internal sealed class UserSpecializationConfiguration : IEntityTypeConfiguration<UserSpecialization>
{
    public const string UniquePair = "ux_user_specializations_user_id_specialization_id";
    public const string SpecializationKey = "fk_user_specializations_specializations";

    public void Configure(EntityTypeBuilder<UserSpecialization> builder)
    {
        builder.ToTable("user_specializations");
        builder.HasIndex(choice => new { choice.UserId, choice.SpecializationId }).IsUnique().HasDatabaseName(UniquePair);
        builder.HasIndex(choice => new { choice.SpecializationId, choice.UserId }).HasDatabaseName("ix_user_specializations_specialization_id");
        ProfileConfiguration.Own(builder, "user_specializations", choice => choice.UserId);
        builder.HasOne<Specialization>().WithMany().HasForeignKey(choice => choice.SpecializationId)
            .OnDelete(DeleteBehavior.Cascade).HasConstraintName(SpecializationKey);
    }
}
