using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Explaino.ServiceDefaults.Json;
using Explaino.ServiceDefaults.Validation;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Explaino.ServiceDefaults.OpenApi;

/// <summary>What the framework does not see by itself: types with converters of ours, our rules, and which members are always there.</summary>
internal static partial class SchemaConventions
{
    /// <summary>Where the framework notes that a member may be null although its type, a component, does not say so.</summary>
    private const string NullableMember = "x-is-nullable-property";

    public static void AddSchemaConventions(this OpenApiOptions options)
    {
        // A component is a class in clients, which a value that is text on the wire must not be.
        options.CreateSchemaReferenceId = type => (Nullable.GetUnderlyingType(type.Type) ?? type.Type) is { IsValueType: true, IsEnum: false }
            ? null
            : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        options.AddSchemaTransformer(DescribeConverted);
        options.AddSchemaTransformer(DescribeElements);
        options.AddSchemaTransformer(DescribeRules);
        options.AddSchemaTransformer(DescribePatches);
        options.AddSchemaTransformer(DescribeRequired);
        options.AddSchemaTransformer(LeaveOutReferences);
    }

    /// <summary>A type with a converter of ours has no schema by itself: text, instants and words.</summary>
    private static Task DescribeConverted(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type.IsEnum)
        {
            // A component that is shared: whether a member may be null as well is for the member to say.
            schema.Type = JsonSchemaType.String;
            schema.Enum = [.. WordConverterFactory.WordsOf(type).Select(word => (JsonNode)word)];
        }
        else if (type == typeof(string) || type == typeof(DateTimeOffset))
        {
            var mayBeNull = context.JsonPropertyInfo is { IsGetNullable: true };
            schema.Type = mayBeNull ? JsonSchemaType.String | JsonSchemaType.Null : JsonSchemaType.String;
            schema.Format ??= type == typeof(DateTimeOffset) ? "date-time" : null;
            schema.MinLength = schema.MinLength is 0 ? null : schema.MinLength;
        }

        return Task.CompletedTask;
    }

    /// <summary>Of a list or a dictionary of those the framework leaves out what is in it.</summary>
    private static async Task DescribeElements(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonTypeInfo is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } item })
        {
            schema.Items ??= await context.GetOrCreateSchemaAsync(item, null, cancellationToken);
        }
        else if (context.JsonTypeInfo is { Kind: JsonTypeInfoKind.Dictionary, ElementType: { } value })
        {
            schema.AdditionalProperties ??= await context.GetOrCreateSchemaAsync(value, null, cancellationToken);
        }
    }

    private static Task DescribeRules(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var rule in AttributesOf(context.JsonPropertyInfo))
        {
            if (rule is ISchemaRule described)
            {
                described.Describe(schema);
            }

            if (rule is RequiredAttribute or JsonIgnoreAttribute)
            {
                // What must be there, or is left out when it is null, is never null.
                schema.Type &= ~JsonSchemaType.Null;
                schema.Metadata?.Remove(NullableMember);
            }

            if (rule is RequiredAttribute { AllowEmptyStrings: false } && context.JsonTypeInfo.Type == typeof(string))
            {
                schema.MinLength = Math.Max(schema.MinLength ?? 0, 1);
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>A patch has the members of the thing it patches, none of them required.</summary>
    private static async Task DescribePatches(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(MergePatch<>))
        {
            var patched = await context.GetOrCreateSchemaAsync(type.GetGenericArguments()[0], null, cancellationToken);
            schema.Type = JsonSchemaType.Object;
            schema.Properties = patched.Properties;
            schema.Required = null;
            schema.Description = "JSON Merge Patch (RFC 7396): absent leaves, null clears.";
        }
    }

    /// <summary>An answer has all its members, but those that are left out when they are null; a request must have those that it must name.</summary>
    private static Task DescribeRequired(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (schema.Properties is { Count: > 0 } && context.JsonTypeInfo is { Kind: JsonTypeInfoKind.Object } type)
        {
            var isRequest = type.Type.Name.EndsWith("Request", StringComparison.Ordinal);
            schema.Required = type.Properties
                .Where(property => schema.Properties.ContainsKey(property.Name))
                .Where(property => !AttributesOf(property).OfType<JsonIgnoreAttribute>().Any())
                .Where(property => !isRequest || !property.IsGetNullable || AttributesOf(property).OfType<RequiredAttribute>().Any())
                .Select(property => property.Name)
                .ToHashSet();
        }

        return Task.CompletedTask;
    }

    /// <summary>Comments say where in this repository more is said; readers of a document have none.</summary>
    private static Task LeaveOutReferences(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        schema.Description = schema.Description is { } description ? Reference().Replace(description, "") : null;
        return Task.CompletedTask;
    }

    private static IEnumerable<Attribute> AttributesOf(JsonPropertyInfo? property) =>
        property?.AttributeProvider?.GetCustomAttributes(inherit: false).OfType<Attribute>() ?? [];

    [GeneratedRegex(@" \(docs/[^)]+\)")]
    private static partial Regex Reference();
}
