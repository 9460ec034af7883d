using Explaino.IdentityService.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.IdentityService.Blocks;

/// <summary>That one user wants nothing of another (docs/contract.md#2-identity). Other services have copies and decide by them.</summary>
public sealed class Block
{
    /// <summary>Numbers blocks and their ends, so that whoever hears of two of a pair can tell the later one.</summary>
    public const string Versions = "block_versions";

    public required Guid BlockerId { get; init; }

    public required Guid BlockedId { get; init; }

    public User Blocked { get; init; } = null!;

    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class BlockConfiguration : IEntityTypeConfiguration<Block>
{
    public void Configure(EntityTypeBuilder<Block> builder)
    {
        builder.ToTable("blocks");
        builder.HasKey(block => new { block.BlockerId, block.BlockedId }).HasName("pk_blocks");
        builder.HasOne<User>().WithMany().HasForeignKey(block => block.BlockerId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne(block => block.Blocked).WithMany().HasForeignKey(block => block.BlockedId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(block => new { block.BlockerId, block.CreatedAt, block.BlockedId }).HasDatabaseName("ix_blocks_blocker_id");
        builder.HasIndex(block => block.BlockedId).HasDatabaseName("ix_blocks_blocked_id");
    }
}

internal static class BlockVersions
{
    public static ModelBuilder HasBlockVersions(this ModelBuilder model)
    {
        model.HasSequence<long>(Block.Versions);
        return model;
    }
}

/// <summary>Somebody whom the caller blocks, as authors are shown.</summary>
internal sealed record BlockResponse(Guid Id, string Username, string? FirstName, string? LastName, string? ProfileImage, DateTimeOffset CreatedAt);
