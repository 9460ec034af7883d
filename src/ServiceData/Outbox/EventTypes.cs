using System.Text.Json;

namespace Explaino.ServiceData.Outbox;

/// <summary>The events that this service publishes.</summary>
internal sealed class EventTypes(IEnumerable<Type> types)
{
    private readonly Dictionary<string, Type> _byName = types.ToDictionary(EventName.Of);

    /// <exception cref="JsonException">The row does not hold an event.</exception>
    public object Read(OutboxMessage message) =>
        _byName.TryGetValue(message.Name, out var type) && JsonSerializer.Deserialize(message.Payload, type, JsonSerializerOptions.Web) is { } read
            ? read
            : throw new JsonException($"'{message.Name}' is no event of this service, or its payload is empty.");
}
