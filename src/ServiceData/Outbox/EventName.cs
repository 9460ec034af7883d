using System.Reflection;
using System.Text.Json;
using MassTransit;

namespace Explaino.ServiceData.Outbox;

/// <summary>An event's name: that of its document in docs/events, which stands in its exchange's name (<c>explaino.user-created.v1</c>).</summary>
public static class EventName
{
    private const string Prefix = "explaino.";

    public static string Of<T>() => Of(typeof(T));

    /// <exception cref="ArgumentException">The type is no event. One that is not public is none either: MassTransit gives those exchanges that do not survive a restart of the broker.</exception>
    internal static string Of(Type type) =>
        type.IsVisible && type.GetCustomAttribute<EntityNameAttribute>()?.EntityName is { } exchange && exchange.StartsWith(Prefix, StringComparison.Ordinal)
            ? exchange[Prefix.Length..]
            : throw new ArgumentException($"{type} is no event: a public type with [EntityName(\"{Prefix}…\")].");
}

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
