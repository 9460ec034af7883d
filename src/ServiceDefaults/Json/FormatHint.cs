namespace Explaino.ServiceDefaults.Json;

/// <summary>Format hint: how a value of a type is written on the wire, as a sentence for who wrote it otherwise.</summary>
internal static class FormatHint
{
    public static string SentenceOf(Type? type) => (type is null ? null : Nullable.GetUnderlyingType(type) ?? type) switch
    {
        { IsEnum: true } words => $"Must be one of {string.Join(", ", WordConverterFactory.WordsOf(words))}.",
        { } time when time == typeof(DateTimeOffset) => "Must be a time with its offset, like 2026-01-31T12:00:00Z.",
        { } date when date == typeof(DateOnly) => "Must be a date like 2026-01-31.",
        { } id when id == typeof(Guid) => "Must be a UUID like 01890a5d-ac96-774b-bcce-b302099a8057.",
        { } number when number == typeof(int) || number == typeof(long) => "Must be a whole number.",
        { } flag when flag == typeof(bool) => "Must be true or false.",
        { } text when text == typeof(string) => "Must be text.",
        _ => "Is not of the right type or form.",
    };
}
