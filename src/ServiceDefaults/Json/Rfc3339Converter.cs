using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Explaino.ServiceDefaults.Json;

/// <summary>Timestamps by RFC 3339 in UTC with <c>Z</c>; a time without an offset is nobody's time and refused. Microseconds, as the database keeps them.</summary>
internal sealed class Rfc3339Converter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        // A DateTime keeps what DateTimeOffset would hide: whether the text named its offset.
        if (reader.TokenType == JsonTokenType.String
            && reader.TryGetDateTime(out var time) && time.Kind != DateTimeKind.Unspecified
            && reader.TryGetDateTimeOffset(out var instant))
        {
            return instant.ToUniversalTime().AddTicks(-(instant.Ticks % TimeSpan.TicksPerMicrosecond));
        }

        throw new JsonException();
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(ToText(value));

    public static string ToText(DateTimeOffset value) =>
        value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);
}
