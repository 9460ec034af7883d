namespace Explaino.ServiceDefaults.Json;

/// <summary>An end that may never come: on the wire a time or the word <c>forever</c>, in the database a timestamp or <c>infinity</c>, which is later than any.</summary>
public static class TimeOrForever
{
    /// <summary>What Npgsql writes as <c>infinity</c>.</summary>
    public static readonly DateTimeOffset Forever = DateTimeOffset.MaxValue;

    private const string Word = "forever";

    public static string ToText(DateTimeOffset time) => time == Forever ? Word : Rfc3339Converter.ToText(time);

    public static string? ToText(DateTimeOffset? time) => time is { } known ? ToText(known) : null;
}
