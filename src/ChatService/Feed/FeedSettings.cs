using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.ChatService.Feed;

/// <summary>What somebody wants to be told, and how; who has no row wants everything.</summary>
internal sealed class FeedSettings
{
    public required Guid UserId { get; init; }

    /// <summary>Words of kinds that are not to be shown.</summary>
    public string[] FeedOff { get; set; } = [];

    /// <summary>Words of kinds that are not to be pushed; <c>message</c> among them.</summary>
    public string[] PushOff { get; set; } = [];

    public TimeOnly? QuietFrom { get; set; }

    public TimeOnly? QuietTo { get; set; }

    public string? TimeZone { get; set; }
}

internal sealed class FeedSettingsConfiguration : IEntityTypeConfiguration<FeedSettings>
{
    public void Configure(EntityTypeBuilder<FeedSettings> builder)
    {
        builder.ToTable("notification_settings");
        builder.HasKey(settings => settings.UserId).HasName("pk_notification_settings");
    }
}
