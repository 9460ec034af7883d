using System.Text.Json;
using System.Text.Json.Serialization;
using Explaino.ServiceDefaults.Json;

namespace Explaino.ChatService.Hub;

/// <summary>
/// Reads what is asked of the hub. What cannot be read (a wrong type, half an emoji) becomes a command that says so, and is refused as what is not valid; otherwise
/// SignalR would fail the call as if the service had.
/// </summary>
internal sealed class HubCommandConverter : JsonConverterFactory
{
    private static readonly JsonSerializerOptions Plain = JsonConventions.Apply(new JsonSerializerOptions());

    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsSubclassOf(typeof(HubCommand));

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert))!;

    private sealed class Converter<T> : JsonConverter<T> where T : HubCommand, new()
    {
        public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var argument = JsonDocument.ParseValue(ref reader);
            try
            {
                return argument.Deserialize<T>(Plain);
            }
            catch (JsonException e)
            {
                return new T { Unreadable = $"The argument cannot be read at {e.Path ?? "$"}." };
            }
            catch (Exception e) when (e is InvalidOperationException or FormatException)
            {
                return new T { Unreadable = "The argument holds text that is not valid Unicode." };
            }
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value, Plain);
    }
}
