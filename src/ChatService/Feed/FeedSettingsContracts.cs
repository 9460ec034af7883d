using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Explaino.ServiceData.Postgres;
using Explaino.ServiceDefaults.Validation;
using Microsoft.Extensions.Validation;

namespace Explaino.ChatService.Feed;

/// <summary>What somebody wants to be told, and how (docs/contract.md#6-chat).</summary>
internal sealed record NotificationSettingsResponse(
    [property: Description("By kind: whether it is shown and pushed; of message only whether it is pushed.")] IReadOnlyDictionary<string, ChannelsResponse> Kinds,
    QuietHoursResponse? Quiet)
{
    public static NotificationSettingsResponse Of(FeedSettings? settings)
    {
        var kinds = Enum.GetValues<FeedKind>().Select(kind => WordConversion.WordOf(kind)).ToDictionary(
            word => word, word => new ChannelsResponse(settings?.FeedOff.Contains(word) != true, settings?.PushOff.Contains(word) != true));
        kinds[NotificationSettingsRequest.Message] = new(null, settings?.PushOff.Contains(NotificationSettingsRequest.Message) != true);
        var quiet = settings is { QuietFrom: { } from, QuietTo: { } to, TimeZone: { } zone } ? new QuietHoursResponse(Text(from), Text(to), zone) : null;
        return new(kinds, quiet);
    }

    private static string Text(TimeOnly time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);
}

internal sealed record ChannelsResponse(
    [property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)] bool? Feed, bool Push);

internal sealed record QuietHoursResponse(string From, string To, string TimeZone);

/// <summary>What somebody may change of it; null is the default: told.</summary>
[ValidatableType]
public sealed record NotificationSettingsRequest(
    [property: Description("By kind: whether it is shown and pushed; of message only whether it is pushed.")] Dictionary<string, ChannelsRequest?>? Kinds,
    QuietHoursRequest? Quiet) : IValidatableObject
{
    public const string Message = "message";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (word, channels) in Kinds ?? [])
        {
            if (word != Message && !Enum.GetValues<FeedKind>().Any(kind => WordConversion.WordOf(kind) == word))
            {
                yield return new(new Violation("not_a_word", $"{word} is no kind of notification."), [nameof(Kinds)]);
            }
            else if (word == Message && channels?.Feed is not null)
            {
                yield return new(new Violation("not_a_word", "Of messages there is push only."), [nameof(Kinds)]);
            }
        }
    }

    internal static NotificationSettingsRequest Of(FeedSettings settings)
    {
        var current = NotificationSettingsResponse.Of(settings);
        return new(
            current.Kinds.ToDictionary(kind => kind.Key, kind => (ChannelsRequest?)new ChannelsRequest(kind.Value.Feed, kind.Value.Push)),
            current.Quiet is { } quiet ? new(quiet.From, quiet.To, quiet.TimeZone) : null);
    }

    internal void ApplyTo(FeedSettings settings)
    {
        settings.FeedOff = [.. (Kinds ?? []).Where(kind => kind.Value?.Feed == false).Select(kind => kind.Key).Order(StringComparer.Ordinal)];
        settings.PushOff = [.. (Kinds ?? []).Where(kind => kind.Value?.Push == false).Select(kind => kind.Key).Order(StringComparer.Ordinal)];
        (settings.QuietFrom, settings.QuietTo, settings.TimeZone) = Quiet is { From: { } from, To: { } to, TimeZone: { } zone }
            ? ((TimeOnly?)TimeOnly.ParseExact(from, "HH:mm", CultureInfo.InvariantCulture), (TimeOnly?)TimeOnly.ParseExact(to, "HH:mm", CultureInfo.InvariantCulture), zone)
            : (null, null, null);
    }
}

public sealed record ChannelsRequest(bool? Feed, bool? Push);

/// <summary>From a time of day to another, in a time zone of the IANA database; over midnight if it ends earlier than it begins.</summary>
public sealed record QuietHoursRequest(
    [property: RequiredMember, RegularExpression("^([01][0-9]|2[0-3]):[0-5][0-9]$", ErrorMessage = "Must be a time of day, as 22:00.")] string? From,
    [property: RequiredMember, RegularExpression("^([01][0-9]|2[0-3]):[0-5][0-9]$", ErrorMessage = "Must be a time of day, as 22:00.")] string? To,
    [property: RequiredMember, Text(QuietHoursRequest.MaximumTimeZone)] string? TimeZone) : IValidatableObject
{
    public const int MaximumTimeZone = 60;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        TimeZone is { Length: > 0 and <= MaximumTimeZone } zone && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _) ? [new(new Violation("not_a_word", "Is no time zone of the IANA database."), [nameof(TimeZone)])] : [];
}
