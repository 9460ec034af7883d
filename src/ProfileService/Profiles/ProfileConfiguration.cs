using Explaino.ServiceData.People;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.ProfileService.Profiles;

internal sealed class ProfileConfiguration : IEntityTypeConfiguration<Profile>
{
    public void Configure(EntityTypeBuilder<Profile> builder)
    {
        builder.ToTable("profiles");
        builder.HasKey(profile => profile.UserId).HasName("pk_profiles");
        builder.HasOne<Person>().WithOne().HasForeignKey<Profile>(profile => profile.UserId).HasConstraintName("fk_profiles_people");
    }

    /// <summary>How a table hangs on its user's profile.</summary>
    public static void Own<TOwned>(EntityTypeBuilder<TOwned> owned, string table, System.Linq.Expressions.Expression<Func<TOwned, object?>> userId)
        where TOwned : class =>
        owned.HasOne<Profile>().WithMany().HasForeignKey(userId).OnDelete(DeleteBehavior.Cascade).HasConstraintName($"fk_{table}_profiles");
}
