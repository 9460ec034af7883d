using Explaino.ProfileService.Profiles;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.ProfileService.Certificates;

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
