using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.ServiceData.Blocks;

/// <summary>
/// A service's own copy of a block: one person wants nothing of another (docs/contract.md#2-identity). Fed by Identity's events; a lifted one stays as
/// an inactive row, so that no late event brings it back.
/// </summary>
public sealed class Block
{
    public required Guid BlockerId { get; init; }

    public required Guid BlockedId { get; init; }

    public required bool IsActive { get; init; }

    /// <summary>Of two events about a pair the one with the higher version counts.</summary>
    public required long Version { get; init; }
}

/// <summary>Every database whose service decides by blocks applies this.</summary>
public sealed class BlockConfiguration : IEntityTypeConfiguration<Block>
{
    public void Configure(EntityTypeBuilder<Block> builder)
    {
        builder.ToTable("blocks");
        builder.HasKey(block => new { block.BlockerId, block.BlockedId }).HasName("pk_blocks");
        builder.HasIndex(block => block.BlockedId).HasDatabaseName("ix_blocks_blocked_id");
    }
}

/// <summary>A database that keeps blocks.</summary>
public interface IKeepsBlocks
{
    /// <summary>A query for people who are gone for good, to be gone on with <c>AND id = …</c>; a constant, which becomes part of statements.</summary>
    static abstract string QueryOfDeletedUsers { get; }
}
