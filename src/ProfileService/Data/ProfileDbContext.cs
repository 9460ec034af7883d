using Explaino.ProfileService.Certificates;
using Explaino.ProfileService.Collections;
using Explaino.ProfileService.Profiles;
using Explaino.ProfileService.Resumes;
using Explaino.ProfileService.Search;
using Explaino.ProfileService.Specializations;
using Explaino.ServiceData.Blocks;
using Explaino.ServiceData.Outbox;
using Explaino.ServiceData.People;
using Explaino.ServiceData.Postgres;
using Explaino.ServiceData.Resync;
using Explaino.ServiceData.Search;
using Microsoft.EntityFrameworkCore;

namespace Explaino.ProfileService.Data;

/// <summary>ProfileService's own database.</summary>
public sealed class ProfileDbContext(DbContextOptions<ProfileDbContext> options) : ServiceDbContext(options), IKeepsBlocks
{
    public static string QueryOfDeletedUsers => BlockStatements.DeletedPeople;

    internal DbSet<Person> People => Set<Person>();

    internal DbSet<Profile> Profiles => Set<Profile>();

    internal DbSet<Specialization> Specializations => Set<Specialization>();

    internal DbSet<UserSpecialization> UserSpecializations => Set<UserSpecialization>();

    internal DbSet<Certificate> Certificates => Set<Certificate>();

    internal DbSet<Resume> Resumes => Set<Resume>();

    internal DbSet<SearchDocument> SearchDocuments => Set<SearchDocument>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasTextSearch().ApplyConfiguration(new PersonConfiguration()).ApplyConfiguration(new InitialLoadConfiguration()).ApplyConfiguration(new BlockConfiguration())
            .ApplyConfiguration(new OutboxMessageConfiguration()).ApplyConfigurationsFromAssembly(typeof(ProfileDbContext).Assembly);
        foreach (var collection in CollectionList.All)
        {
            collection.Configure(modelBuilder);
        }

        CaseInsensitive.Declare(modelBuilder);
    }
}
