using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NpgsqlTypes;

namespace Explaino.JobBoardService.Jobs;

/// <summary>
/// What a post was found by before an edit, and which transaction edited it: with it a reader who pages through a ranked list goes on in the order that
/// the first page had (docs/adr/0044). A trigger writes it. Kept for a quarter of an hour.
/// </summary>
public sealed class SearchChange
{
    /// <summary>Grows with the edits of one post.</summary>
    public required long Id { get; init; }

    public required Guid PostId { get; init; }

    public required NpgsqlTsVector WordsBefore { get; init; }

    /// <summary>The transaction's id, to be held against a snapshot.</summary>
    public required ulong ChangedIn { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }
}

internal sealed class SearchChangeConfiguration : IEntityTypeConfiguration<SearchChange>
{
    public void Configure(EntityTypeBuilder<SearchChange> builder)
    {
        builder.ToTable("job_post_search_changes");
        builder.HasKey(change => change.Id).HasName("pk_job_post_search_changes");
        builder.Property(change => change.ChangedIn).HasColumnType("xid8");
        builder.HasOne<JobPost>().WithMany().HasForeignKey(change => change.PostId)
            .HasConstraintName("fk_job_post_search_changes_post_id").OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(change => new { change.PostId, change.Id }).HasDatabaseName("ix_job_post_search_changes_post_id");
        builder.HasIndex(change => change.ChangedIn).HasDatabaseName("ix_job_post_search_changes_changed_in");
        builder.HasIndex(change => change.ChangedAt).HasDatabaseName("ix_job_post_search_changes_changed_at");
    }
}
