using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.SampleService.Samples;

/// <summary>Samples, by their user: the key makes a repeated event harmless.</summary>
internal sealed class SampleConfiguration : IEntityTypeConfiguration<Sample>
{
    public void Configure(EntityTypeBuilder<Sample> builder)
    {
        builder.ToTable("samples");
        builder.HasKey(sample => sample.UserId);
        builder.Property(sample => sample.UserId).ValueGeneratedNever();
    }
}
