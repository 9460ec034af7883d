using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Explaino.ServiceDefaults.Validation;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Explaino.ProfileService.Collections;

/// <summary>Partial date: a day, a month or a year (<c>2014-06-29</c>, <c>2014-06</c>, <c>2014</c>), since résumés often know no more.</summary>
/// <remarks>
/// A row keeps it twice: as the day it is compared by, which the version before this one knows, and as it was said where that is less than a day. What
/// was said holds as long as the day begins with it; the function partial_date of the database reads it the same way.
/// </remarks>
[JsonConverter(typeof(PartialDateConverter))]
public readonly record struct PartialDate
{
    private const string DayForm = "yyyy-MM-dd";

    private readonly string _text;

    private PartialDate(string text, DateOnly first, DateOnly last) => (_text, First, Last) = (text, first, last);

    /// <summary>Its first day, by which a start is compared.</summary>
    public DateOnly First { get; }

    /// <summary>Its last day, by which an end is compared.</summary>
    public DateOnly Last { get; }

    private string? Said => First == Last ? null : _text;

    public static bool TryParse(string? text, out PartialDate date)
    {
        var padded = text?.Length switch { 4 => $"{text}-01-01", 7 => $"{text}-01", _ => text };
        if (!DateOnly.TryParseExact(padded, DayForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out var first))
        {
            date = default;
            return false;
        }

        date = new(text!, first, text!.Length switch
        {
            4 => new DateOnly(first.Year, 12, 31),
            7 => new DateOnly(first.Year, first.Month, DateTime.DaysInMonth(first.Year, first.Month)),
            _ => first,
        });
        return true;
    }

    public override string ToString() => _text;

    /// <summary>What a row keeps of the start of something.</summary>
    internal static (DateOnly? Day, string? Said) Start(PartialDate? date) => (date?.First, date?.Said);

    /// <summary>What a row keeps of the end of something.</summary>
    internal static (DateOnly? Day, string? Said) End(PartialDate? date) => (date?.Last, date?.Said);

    /// <summary>What a row has kept.</summary>
    internal static PartialDate? Of(DateOnly? day, string? said)
    {
        var text = day?.ToString(DayForm, CultureInfo.InvariantCulture);
        return TryParse(said is not null && text?.StartsWith(said, StringComparison.Ordinal) == true ? said : text, out var date) ? date : null;
    }

    /// <summary>For the OpenAPI document: a type with a converter of its own has no schema by itself.</summary>
    internal static Task Describe(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if ((Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type) == typeof(PartialDate))
        {
            schema.Type = context.JsonPropertyInfo is { IsGetNullable: true } ? JsonSchemaType.String | JsonSchemaType.Null : JsonSchemaType.String;
            schema.Pattern = "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$";
            schema.Description = "A day, a month or a year: 2014-06-29, 2014-06 or 2014.";
        }

        return Task.CompletedTask;
    }
}

internal sealed class PartialDateConverter : JsonConverter<PartialDate>
{
    public override PartialDate Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && PartialDate.TryParse(reader.GetString(), out var date) ? date : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, PartialDate value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

/// <summary>An end whose last day does not lie before the first day of its start, another member; open ends are fine.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NotBeforeAttribute(string other) : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        value is PartialDate end
        && validationContext.ObjectType.GetProperty(other)!.GetValue(validationContext.ObjectInstance) is PartialDate start
        && end.Last < start.First
            ? new ValidationResult(new Violation("before_start", $"Must not be before {start}."))
            : ValidationResult.Success;
}
