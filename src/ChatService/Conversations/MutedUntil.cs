using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.RegularExpressions;
using Explaino.ServiceDefaults.Validation;
using Microsoft.OpenApi;

namespace Explaino.ChatService.Conversations;

/// <summary>Until when a conversation is muted, on the wire: a time, <c>forever</c>, or null.</summary>
internal static partial class MutedUntil
{
    private const string Forever = "forever";

    public static string? ToWire(DateTimeOffset? until) =>
        until == DateTimeOffset.MaxValue ? Forever : until?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    public static bool TryRead(string text, out DateTimeOffset until)
    {
        until = DateTimeOffset.MaxValue;
        return text == Forever || (Instant().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out until));
    }

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,7})?(Z|[+-][0-9]{2}:[0-9]{2})\z")]
    private static partial Regex Instant();
}

/// <summary>A text that <see cref="MutedUntil"/> can read.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MutedUntilAttribute : ValidationAttribute, ISchemaRule
{
    public MutedUntilAttribute()
        : base("Must be a time with an offset, or forever.")
    {
    }

    public void Describe(OpenApiSchema schema) => schema.Description = "A time (RFC 3339), or the word forever; null: not muted.";

    public override bool IsValid(object? value) => value is null || (value is string text && MutedUntil.TryRead(text, out _));
}
