using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Explaino.ServiceDefaults.Text;

namespace Explaino.ServiceDefaults.Json;

/// <summary>Text normalization: text is kept trimmed, in NFC, with LF line ends, and empty if it only looks so; which characters and lengths are allowed is for validation to say.</summary>
internal sealed class NormalizedTextConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Tidy(ref reader);

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString()!;

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);

    public static string Tidy(string text) => Blank.Is(text) ? "" : Nfc.Of(text.Trim().Replace("\r\n", "\n", StringComparison.Ordinal));

    internal static string Tidy(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.String ? Tidy(reader.GetString()!) : throw new JsonException();
}

/// <summary>Optional text: blank is null.</summary>
internal sealed class BlankAsNullConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        NormalizedTextConverter.Tidy(ref reader) is { Length: > 0 } text ? text : null;

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    /// <summary>For every member that may be null and is not <see cref="RequiredAttribute"/>.</summary>
    public static void Choose(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.PropertyType == typeof(string) && property.CustomConverter is null && property.IsGetNullable
                && property.AttributeProvider?.IsDefined(typeof(RequiredAttribute), inherit: false) != true)
            {
                property.CustomConverter = new BlankAsNullConverter();
            }
        }
    }
}

/// <summary>For text that must stay as it was typed: passwords.</summary>
public sealed class VerbatimTextConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? reader.GetString() : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
