using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.ServiceData.Idempotency;

/// <summary>A key that was used, and the answer it got; committed together with the effect.</summary>
public sealed class IdempotencyKey
{
    public required Guid UserId { get; init; }

    /// <summary>Method and path: a key belongs to them.</summary>
    public required string Call { get; init; }

    public required Guid Key { get; init; }

    /// <summary>SHA-256 of the request as it was understood.</summary>
    public required byte[] RequestHash { get; init; }

    public int Status { get; init; }

    public string? Location { get; init; }

    public string? Body { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Where an older answer of this key is forgotten, so that it can be claimed anew.</summary>
    public DateTimeOffset Expired => CreatedAt - IdempotencyKeys.Lifetime;

    /// <summary>Whether what was kept under the key answers this request too: its body was the same.</summary>
    public bool Replays(byte[] keptHash) => keptHash.AsSpan().SequenceEqual(RequestHash);
}

/// <summary>Every database whose service takes idempotency keys applies this.</summary>
public sealed class IdempotencyKeyConfiguration : IEntityTypeConfiguration<IdempotencyKey>
{
    public const string Table = "idempotency_keys";

    public void Configure(EntityTypeBuilder<IdempotencyKey> builder)
    {
        builder.ToTable(Table);
        builder.HasKey(key => new { key.UserId, key.Call, key.Key }).HasName("pk_idempotency_keys");
        builder.HasIndex(key => key.CreatedAt).HasDatabaseName("ix_idempotency_keys_created_at");
    }
}
