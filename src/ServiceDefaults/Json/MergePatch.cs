using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Explaino.ServiceDefaults.Json;

/// <summary>
/// The body of a PATCH: JSON Merge Patch (RFC 7396) over the members of <typeparamref name="T"/>, a record that holds everything a client may
/// change, with the validation of each. Apply it with <see cref="Http.MergePatcher"/>.
/// </summary>
[JsonConverter(typeof(MergePatchConverterFactory))]
public sealed class MergePatch<T>(JsonObject changes) where T : class
{
    internal JsonObject Changes { get; } = changes;

    /// <summary>Whether it says anything of this member: what it leaves alone must not be written from a copy that was read before.</summary>
    public bool Mentions(string member) => Changes.ContainsKey(member);

    /// <summary>What the thing would be with these changes; members that <typeparamref name="T"/> does not have are ignored.</summary>
    internal JsonObject ApplyTo(T current, JsonSerializerOptions json)
    {
        var target = JsonSerializer.SerializeToNode(current, json)!.AsObject();
        Merge(target, Changes);
        return target;
    }

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is JsonObject inner && target[name] is JsonObject existing)
            {
                Merge(existing, inner);
            }
            else
            {
                target[name] = value?.DeepClone();
            }
        }
    }
}

internal sealed class MergePatchConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(MergePatch<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

    private sealed class Converter<T> : JsonConverter<MergePatch<T>> where T : class
    {
        public override MergePatch<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw new JsonException();
            }

            try
            {
                var patch = JsonSerializer.Deserialize<JsonObject>(ref reader, options)!;
                Unfold(patch);
                return new(patch);
            }
            catch (ArgumentException twice)
            {
                throw new JsonException("A member is named twice.", twice);
            }
        }

        // An object reads its members only when first asked for one, and then takes a name that comes twice for a mistake of ours.
        private static void Unfold(JsonNode? node)
        {
            foreach (var inner in node switch { JsonObject members => members.Select(member => member.Value), JsonArray items => items, _ => [] })
            {
                Unfold(inner);
            }
        }

        public override void Write(Utf8JsonWriter writer, MergePatch<T> value, JsonSerializerOptions options) => value.Changes.WriteTo(writer, options);
    }
}
