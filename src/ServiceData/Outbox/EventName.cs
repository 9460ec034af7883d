using System.Reflection;
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
