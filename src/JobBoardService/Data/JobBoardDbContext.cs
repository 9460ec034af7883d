using Explaino.JobBoardService.Comments;
using Explaino.JobBoardService.Images;
using Explaino.JobBoardService.Jobs;
using Explaino.JobBoardService.Likes;
using Explaino.ServiceData.Blocks;
using Explaino.ServiceData.Idempotency;
using Explaino.ServiceData.Outbox;
using Explaino.ServiceData.People;
using Explaino.ServiceData.Postgres;
using Explaino.ServiceData.Reports;
using Explaino.ServiceData.Resync;
using Explaino.ServiceData.Search;
using Microsoft.EntityFrameworkCore;

namespace Explaino.JobBoardService.Data;

/// <summary>JobBoardService's own database.</summary>
public sealed class JobBoardDbContext(DbContextOptions<JobBoardDbContext> options) : ServiceDbContext(options), IKeepsBlocks
{
    public static string QueryOfDeletedUsers => BlockStatements.DeletedPeople;

    public DbSet<JobPost> Posts => Set<JobPost>();

    public DbSet<JobPostCounts> Counts => Set<JobPostCounts>();

    public DbSet<JobPostImage> Images => Set<JobPostImage>();

    public DbSet<JobPostComment> Comments => Set<JobPostComment>();

    public DbSet<JobPostLike> Likes => Set<JobPostLike>();

    public DbSet<LikeCountChange> LikeCountChanges => Set<LikeCountChange>();

    public DbSet<SearchChange> SearchChanges => Set<SearchChange>();

    public DbSet<OutboxMessage> Outbox => Set<OutboxMessage>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder
            .HasTextSearch()
            .ApplyConfiguration(new IdempotencyKeyConfiguration())
            .ApplyConfiguration(new PersonConfiguration())
            .ApplyConfiguration(new InitialLoadConfiguration())
            .ApplyConfiguration(new BlockConfiguration())
            .ApplyConfiguration(new ReportConfiguration())
            .ApplyConfiguration(new OutboxMessageConfiguration())
            .ApplyConfigurationsFromAssembly(typeof(JobBoardDbContext).Assembly);
}
