using System.Security.Cryptography;
using System.Text;
using Explaino.IdentityService.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.IdentityService.Sessions;

/// <summary>A device that has logged in to an account before, by the hash of its user agent: of another one the owner is told by mail.</summary>
public sealed class KnownDevice
{
    public required Guid UserId { get; init; }

    public required byte[] Hash { get; init; }

    public static byte[] HashOf(string? userAgent) => SHA256.HashData(Encoding.UTF8.GetBytes(userAgent ?? ""));
}

internal sealed class KnownDeviceConfiguration : IEntityTypeConfiguration<KnownDevice>
{
    public void Configure(EntityTypeBuilder<KnownDevice> builder)
    {
        builder.ToTable("known_devices");
        builder.HasKey(device => new { device.UserId, device.Hash }).HasName("pk_known_devices");
        builder.HasOne<User>().WithMany().HasForeignKey(device => device.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
