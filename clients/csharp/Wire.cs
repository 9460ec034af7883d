using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Explaino.Client;

/// <summary>JSON as the contract has it (docs/contract.md#1-conventions), for the generated calls and for the hub.</summary>
public partial class ExplainoApi
{
    internal static JsonSerializerOptions Json => _settings.Value;

    /// <summary>The token of each call, where nothing else brings one.</summary>
    internal string? Bearer { get; init; }

    partial void PrepareRequest(HttpClient client, HttpRequestMessage request, string url) =>
        request.Headers.Authorization = Bearer is null ? request.Headers.Authorization : new("Bearer", Bearer);

    static partial void UpdateJsonSerializerSettings(JsonSerializerOptions settings)
    {
        // Absent is null in POST and PUT; in PATCH it leaves, which null does not: what a patch shall clear goes into its AdditionalProperties.
        settings.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        settings.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        settings.Converters.Add(new WordConverterFactory());
        settings.TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { UseWordConverter } };
    }

    /// <summary>The generated converter of an enumeration refuses words that it does not know.</summary>
    private static void UseWordConverter(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(property => (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType).IsEnum))
        {
            property.CustomConverter = null;
        }
    }
}

/// <summary>A message has an id of its sender's from the beginning, so that sending it twice is sending it once.</summary>
public partial class SendMessageRequest
{
    public SendMessageRequest() => Client_message_id = Guid.CreateVersion7();
}

internal sealed class WordConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(WordConverter<>).MakeGenericType(typeToConvert))!;
}

/// <summary>Words of an enumeration: one that came after this client is read as <c>other</c>, or as a value without a name where there is no other.</summary>
internal sealed class WordConverter<T> : JsonConverter<T> where T : struct, Enum
{
    private static readonly Dictionary<string, T> Values = Enum.GetValues<T>().ToDictionary(value =>
        typeof(T).GetField(value.ToString())!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? value.ToString());

    private static readonly Dictionary<T, string> Words = Values.ToDictionary(word => word.Value, word => word.Key);

    private static readonly T Unknown = Values.TryGetValue("other", out var other) ? other : (T)Enum.ToObject(typeof(T), -1);

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Values.GetValueOrDefault(reader.GetString() ?? "", Unknown);

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(Words[value]);

    public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader, typeToConvert, options);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WritePropertyName(Words[value]);
}
