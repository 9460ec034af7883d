using Explaino.ServiceData.People;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NpgsqlTypes;

namespace Explaino.ProfileService.Search;

/// <summary>
/// The words by which a living person is found. Triggers rebuild the row at the end of every transaction that changed the person or the profile
/// (see the migration AddTextSearch), so that no write can forget it.
/// </summary>
internal sealed class SearchDocument
{
    public required Guid UserId { get; init; }

    /// <summary>All words, weighted: A names, B what the person is and can now, C the rest.</summary>
    public required NpgsqlTsVector Words { get; init; }

    public required NpgsqlTsVector Company { get; init; }

    public required NpgsqlTsVector Location { get; init; }
}

internal sealed class SearchDocumentConfiguration : IEntityTypeConfiguration<SearchDocument>
{
    public void Configure(EntityTypeBuilder<SearchDocument> builder)
    {
        builder.ToTable("search_documents");
        builder.HasKey(document => document.UserId).HasName("pk_search_documents");
        builder.HasOne<Person>().WithOne().HasForeignKey<SearchDocument>(document => document.UserId).HasConstraintName("fk_search_documents_people");

        // One index over all three, so that filters narrow each other inside it.
        builder.HasIndex(document => new { document.Words, document.Company, document.Location })
            .HasMethod("gin").HasDatabaseName("ix_search_documents_words");
    }
}
