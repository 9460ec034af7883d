using Explaino.ProfileService.Profiles;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.ProfileService.Certificates;

/// <summary>A certificate that somebody shows to everyone.</summary>
internal sealed class Certificate
{
    public required Guid Id { get; init; }

    public required Guid UserId { get; init; }

    public required string Title { get; set; }

    public required string Issuer { get; set; }

    public required DateOnly IssueDate { get; set; }

    public required string CertificateUrl { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }
}

internal sealed class CertificateConfiguration : IEntityTypeConfiguration<Certificate>
{
    public void Configure(EntityTypeBuilder<Certificate> builder)
    {
        builder.ToTable("certificates");
        builder.HasIndex(certificate => new { certificate.UserId, certificate.IssueDate, certificate.Id }).HasDatabaseName("ix_certificates_user_id");
        builder.HasIndex(certificate => certificate.IssueDate).HasDatabaseName("ix_certificates_issue_date");
        ProfileConfiguration.Own(builder, "certificates", certificate => certificate.UserId);
    }
}
