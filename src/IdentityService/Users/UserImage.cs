using Explaino.ServiceMedia.Pictures;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.IdentityService.Users;

/// <summary>A user's uploaded avatar. It is theirs as long as <see cref="User.ProfileImage"/> is its address.</summary>
public sealed class UserImage
{
    /// <summary>One a user.</summary>
    public required Guid UserId { get; init; }

    /// <summary>Another one with every upload, so that its address can be kept for ever.</summary>
    public required Guid Id { get; init; }

    public required Guid StorageKey { get; init; }

    public required string ContentType { get; init; }

    /// <summary>In pixels.</summary>
    public required int LongestSide { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public static UserImage Of(Guid userId, StoredPicture picture, DateTimeOffset now) => new()
    {
        UserId = userId,
        Id = Guid.CreateVersion7(now),
        StorageKey = picture.Key,
        ContentType = picture.ContentType,
        LongestSide = Math.Max(picture.Width, picture.Height),
        CreatedAt = now,
    };

    /// <param name="publicAddress">The gateway's, without a slash at its end.</param>
    public string AddressAt(string publicAddress) => $"{publicAddress}/api/users/{UserId}/image/{Id}";

    internal NamedPicture ToPicture() => new(StorageKey, ContentType, LongestSide, CreatedAt);
}

internal sealed class UserImageConfiguration : IEntityTypeConfiguration<UserImage>
{
    public void Configure(EntityTypeBuilder<UserImage> builder)
    {
        builder.ToTable("user_images");
        builder.HasKey(image => image.UserId).HasName("pk_user_images");
        builder.Property(image => image.UserId).ValueGeneratedNever();
        builder.HasOne<User>().WithOne().HasForeignKey<UserImage>(image => image.UserId)
            .HasConstraintName("fk_user_images_user_id").OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(image => image.StorageKey).IsUnique().HasDatabaseName("ux_user_images_storage_key");
    }
}
