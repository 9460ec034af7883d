using System.Text.Json.Nodes;

namespace Explaino.ServiceDefaults.Json;

/// <summary>
/// List body: a body that is one list, as <c>{ "items": […] }</c> or bare. It may be as large as bodies are, and the framework's validation does not look into
/// it; <see cref="MemberRules"/> does.
/// </summary>
public interface IListBody
{
    const string Member = "items";

    int MaximumCount { get; }

    /// <summary>What is validated of each element; null where there is none.</summary>
    IReadOnlyList<object?> Elements { get; }

    /// <summary>A bare list in the form in which it is spoken of.</summary>
    internal static JsonNode Named(JsonNode body) => body is JsonArray bare ? new JsonObject { [Member] = bare } : body;

    /// <summary>The elements' type, if a body's is one of these.</summary>
    internal static Type? ElementOf(Type body) =>
        Array.Find(body.GetInterfaces(), one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IListBody<>))?.GetGenericArguments()[0];
}

/// <inheritdoc/>
public interface IListBody<TElement> : IListBody;
