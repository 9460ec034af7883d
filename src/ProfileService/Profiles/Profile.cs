using Explaino.ServiceData.People;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.ProfileService.Profiles;

/// <summary>
/// What a user says about themselves. Everything else they have here hangs on this row and goes with it; whoever changes any of it holds the row.
/// </summary>
internal sealed class Profile
{
    public required Guid UserId { get; init; }

    public string? About { get; set; }

    public string? Headline { get; set; }

    public string? Location { get; set; }

    public string? CurrentCompany { get; set; }

    public string? CurrentRole { get; set; }

    public string? LinkedinUrl { get; set; }

    public string? GithubUrl { get; set; }

    public string? PortfolioUrl { get; set; }

    public DateTimeOffset UpdatedAt { get; init; }

    public void Apply(ProfileRequest request)
    {
        About = request.About;
        Headline = request.Headline;
        Location = request.Location;
        CurrentCompany = request.CurrentCompany;
        CurrentRole = request.CurrentRole;
        LinkedinUrl = request.LinkedinUrl;
        GithubUrl = request.GithubUrl;
        PortfolioUrl = request.PortfolioUrl;
    }
}

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
