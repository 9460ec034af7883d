using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Explaino.ServiceDefaults.Json;

/// <summary>How everything on the wire is written and read (docs/contract.md#1-conventions).</summary>
public static class JsonConventions
{
    public static JsonSerializerOptions Apply(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DictionaryKeyPolicy = null;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.AllowDuplicateProperties = false;
        options.MaxDepth = 32;
        options.Converters.Add(new WordConverterFactory());
        options.Converters.Add(new NormalizedTextConverter());
        options.Converters.Add(new Rfc3339Converter());
        options.TypeInfoResolver = (options.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(BlankAsNullConverter.Choose);
        return options;
    }
}

/// <summary>The media types of JSON bodies (docs/contract.md#1-conventions).</summary>
internal static class JsonMediaTypes
{
    public const string Json = "application/json";
    public const string MergePatch = "application/merge-patch+json";

    public static string AcceptedBy(string method) => HttpMethods.IsPatch(method) ? $"{MergePatch}, {Json}" : Json;
}
