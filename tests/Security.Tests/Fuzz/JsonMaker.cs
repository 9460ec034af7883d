using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Explaino.Security.Tests.Fuzz;

/// <summary>Writes JSON that nearly fits a schema: as text, for most of what is wrong cannot be said in an object.</summary>
internal sealed class JsonMaker(Schemas schemas, Random random, Actor actor, IReadOnlyList<Actor> others)
{
    private static readonly TimeSpan Decade = TimeSpan.FromDays(3650);

    /// <param name="wildness">How likely each value is to be something else, of 100.</param>
    public string Make(JsonNode schema, int wildness)
    {
        var text = new StringBuilder();
        Write(text, schema, "", wildness);
        return text.ToString();
    }

    private void Write(StringBuilder text, JsonNode schema, string name, int wildness)
    {
        if (random.Next(100) < wildness)
        {
            text.Append(random.Next(2) == 0 ? Hostile.Tokens[random.Next(Hostile.Tokens.Length)] : $"\"{Hostile.Text[random.Next(Hostile.Text.Length)]}\"");
            return;
        }

        var resolved = schemas.Resolve(schema);
        if (resolved["oneOf"] is JsonArray alternatives)
        {
            Write(text, alternatives[random.Next(alternatives.Count)]!, name, wildness);
            return;
        }

        if (resolved["enum"] is JsonArray words)
        {
            text.Append(words[random.Next(words.Count)]?.ToJsonString() ?? "null");
            return;
        }

        var types = Schemas.Types(resolved);
        switch (types.Count == 0 ? "string" : types[random.Next(types.Count)])
        {
            case "object": WriteObject(text, resolved, wildness); break;
            case "array": WriteArray(text, resolved, name, wildness); break;
            case "integer": text.Append(Number(resolved)); break;
            case "boolean": text.Append(random.Next(2) == 0 ? "true" : "false"); break;
            case "null": text.Append("null"); break;
            default: text.Append('"').Append(Text(resolved, name)).Append('"'); break;
        }
    }

    private void WriteObject(StringBuilder text, JsonObject schema, int wildness)
    {
        text.Append('{');
        var first = true;
        foreach (var (name, member) in schema["properties"]?.AsObject() ?? [])
        {
            var times = random.Next(100) switch { < 6 => 0, < 8 when wildness > 0 => 2, _ => 1 };
            for (var time = 0; time < times; time++)
            {
                text.Append(first ? "" : ",").Append('"').Append(name).Append("\":");
                Write(text, member!, name, wildness);
                first = false;
            }
        }

        text.Append(wildness > 0 && random.Next(20) == 0 ? $"{(first ? "" : ",")}\"roles\":[\"admin\"],\"id\":\"{Guid.CreateVersion7()}\"" : "").Append('}');
    }

    private void WriteArray(StringBuilder text, JsonObject schema, string name, int wildness)
    {
        var count = random.Next(10) switch { 0 => 0, 1 when wildness > 0 => 300, _ => random.Next(1, 5) };
        text.Append('[');
        for (var index = 0; index < count; index++)
        {
            text.Append(index == 0 ? "" : ",");
            Write(text, schema["items"] ?? new JsonObject(), name, wildness);
        }

        text.Append(']');
    }

    private string Number(JsonObject schema)
    {
        var (low, high) = ((long?)schema["minimum"] ?? 0, (long?)schema["maximum"] ?? 1000);
        return (random.Next(8) switch { 0 => low - 1, 1 => high + 1, 2 => high, _ => random.NextInt64(low, Math.Min(high, low + 10)) }).ToString(CultureInfo.InvariantCulture);
    }

    // At the limit, one beyond it, or a plausible value for the member's name.
    private string Text(JsonObject schema, string name)
    {
        if ((int?)schema["maxLength"] is { } longest && random.Next(6) == 0)
        {
            return new string("aé字"[random.Next(3)], longest + random.Next(2));
        }

        var day = TimeProvider.System.GetUtcNow() + (random.Next(2) == 0 ? Decade : -Decade) * random.NextDouble();
        return (string?)schema["format"] switch
        {
            "uuid" => SomeId(),
            "date" => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            "date-time" => day.ToString("O", CultureInfo.InvariantCulture).Replace("+00:00", random.Next(2) == 0 ? "Z" : "+02:00", StringComparison.Ordinal),
            "uri" => "https://example.org/" + random.Next(100),
            // A year, a month or a day.
            _ when name is "start_date" or "end_date" or "issued_on" or "expires_on" =>
                day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)[..(4 + (3 * random.Next(3)))],
            _ => Named(name),
        };
    }

    private string SomeId() => random.Next(4) switch
    {
        0 => Guid.CreateVersion7().ToString(),
        1 when actor.Recall(["messages"], random) is { } known => known["messages"],
        _ => others[random.Next(others.Count)].Id.ToString(),
    };

    private string Named(string name) => name switch
    {
        "email" => random.Next(2) == 0 ? actor.Email : $"f{random.NextInt64():x}@example.org",
        "username" => $"f{random.NextInt64():x}"[..Math.Min(12, 8 + random.Next(8))].PadRight(8, 'x'),
        "password" or "current_password" => Explaino.Testing.ExplainoSystem.Password,
        "new_password" => Explaino.Testing.ExplainoSystem.Password + " 2",
        "phone_number" => $"+{random.NextInt64(1_000_000_000, 999_999_999_999)}",
        "certificate_url" or "profile_image" or "url" or "apply_url" => "https://example.org/x",
        "image_urls" => $"https://example.org/{random.Next(50)}.png",
        _ => Words(),
    };

    private string Words() => random.Next(5) == 0 ? Hostile.Text[random.Next(Hostile.Text.Length)] : $"{Word()} {Word()}";

    private string Word() => new[] { "engine", "loom", "Ada", "card", "Über", "naïve", "C#", "数", "wheel" }[random.Next(9)];
}
