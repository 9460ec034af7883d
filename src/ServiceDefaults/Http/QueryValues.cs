using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Json;
using Explaino.ServiceDefaults.Validation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace Explaino.ServiceDefaults.Http;

/// <summary>
/// Query values are read by the rules of bodies: times, ids, numbers, words and text have one form on the wire. An empty filter is none.
/// Looks at what the handler takes, before the framework binds it by rules of its own, and names all that is wrong at once.
/// </summary>
internal sealed class QueryValues(RequestDelegate next, IOptions<JsonOptions> json)
{
    private readonly ConcurrentDictionary<Endpoint, Parameter[]> _parameters = new();

    public Task InvokeAsync(HttpContext http)
    {
        if (http.Request.Query.Count == 0 || http.GetEndpoint() is not { } endpoint || _parameters.GetOrAdd(endpoint, ParametersOf) is not { Length: > 0 } parameters)
        {
            return next(http);
        }

        var (errors, query) = (new Dictionary<string, string[]>(), http.Request.Query.ToDictionary(StringComparer.OrdinalIgnoreCase));
        foreach (var parameter in parameters.Where(parameter => query.ContainsKey(parameter.Name)))
        {
            if (query[parameter.Name] is not [{ } text])
            {
                errors[JsonMemberPath.Of(parameter.Name)] = [new Violation("too_many", "Is given more than once.", Max: 1)];
            }
            else if (!TryRead(parameter.Type, text, out var value))
            {
                errors[JsonMemberPath.Of(parameter.Name)] = [FormatHint.Of(parameter.Type)];
            }
            else
            {
                query.Remove(parameter.Name);
                query.TryAdd(value.Length == 0 ? "" : parameter.Name, value);
            }
        }

        http.Request.Query = new QueryCollection(query.Where(pair => pair.Key.Length > 0).ToDictionary(StringComparer.OrdinalIgnoreCase));
        return errors.Count > 0 ? Problems.Invalid(errors).ExecuteAsync(http) : next(http);
    }

    /// <param name="value">What the framework is to bind; empty for none.</param>
    private bool TryRead(Type type, string text, out string value)
    {
        value = "";
        if (type == typeof(string))
        {
            value = NormalizedTextConverter.Tidy(text);
            return true;
        }

        var isNumber = type == typeof(int) || type == typeof(long);
        if (text.Length == 0 && !isNumber)
        {
            return true;
        }

        try
        {
            var node = isNumber || type == typeof(bool) ? JsonNode.Parse(text.Any(char.IsWhiteSpace) ? "{" : text) : JsonValue.Create(text);
            value = node.Deserialize(type, json.Value.SerializerOptions) is { } read ? (type.IsEnum ? read.ToString()! : text) : "";
            return value.Length > 0;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static Parameter[] ParametersOf(Endpoint endpoint)
    {
        var path = (endpoint as RouteEndpoint)?.RoutePattern.Parameters.Select(parameter => parameter.Name).ToHashSet(StringComparer.OrdinalIgnoreCase) ?? [];
        return [.. (endpoint.Metadata.GetMetadata<MethodInfo>()?.GetParameters() ?? []).SelectMany(Flat).Where(parameter => !path.Contains(parameter.Name))];
    }

    private static IEnumerable<Parameter> Flat(ParameterInfo parameter)
    {
        if (parameter.IsDefined(typeof(AsParametersAttribute)))
        {
            return parameter.ParameterType.GetProperties().Where(property => property.CanRead && IsSimple(property.PropertyType) && IsTidied(property, property.PropertyType))
                .Where(property => parameter.ParameterType.GetConstructors().Any(constructor => constructor.GetParameters().Any(argument => argument.Name == property.Name)))
                .Select(property => new Parameter(property.GetCustomAttribute<FromQueryAttribute>()?.Name ?? property.Name, Bare(property.PropertyType)));
        }

        return IsSimple(parameter.ParameterType) && IsTidied(parameter, parameter.ParameterType) && !parameter.IsDefined(typeof(FromHeaderAttribute))
            ? [new(parameter.GetCustomAttribute<FromQueryAttribute>()?.Name ?? parameter.Name!, Bare(parameter.ParameterType))]
            : [];
    }

    // Text that is no text of people, like a cursor, is read as it is.
    private static bool IsTidied(ICustomAttributeProvider member, Type type) => type != typeof(string) || member.IsDefined(typeof(TextAttribute), inherit: false);

    private static bool IsSimple(Type type) => Bare(type) is var bare && (bare == typeof(string) || bare == typeof(Guid) || bare == typeof(DateTimeOffset)
        || bare == typeof(DateOnly) || bare == typeof(int) || bare == typeof(long) || bare == typeof(bool) || bare.IsEnum);

    private static Type Bare(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    private sealed record Parameter(string Name, Type Type);
}
