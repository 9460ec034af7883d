using Explaino.ServiceDefaults.Validation;

namespace Explaino.ServiceDefaults.Json;

/// <summary>Format hint: how a value of a type is written on the wire, as a violation for who wrote it otherwise.</summary>
internal static class FormatHint
{
    public static Violation Of(Type? type) => (type is null ? null : Nullable.GetUnderlyingType(type) ?? type) switch
    {
        { IsEnum: true } words => new("not_a_word", $"Must be one of {string.Join(", ", WordConverterFactory.WordsOf(words))}."),
        { } time when time == typeof(DateTimeOffset) => new("wrong_form", "Must be a time with its offset, like 2026-01-31T12:00:00Z."),
        { } date when date == typeof(DateOnly) => new("wrong_form", "Must be a date like 2026-01-31."),
        { } id when id == typeof(Guid) => new("wrong_form", "Must be a UUID like 01890a5d-ac96-774b-bcce-b302099a8057."),
        { } number when number == typeof(int) || number == typeof(long) => new("wrong_type", "Must be a whole number."),
        { } flag when flag == typeof(bool) => new("wrong_type", "Must be true or false."),
        { } text when text == typeof(string) => new("wrong_type", "Must be text."),
        { IsValueType: true } => new("wrong_form", "Is not of the right type or form."),
        _ => new("wrong_type", "Is not of the right type or form."),
    };
}
