using System.Text.Json;
using System.Text.Json.Serialization;
using Explaino.ServiceDefaults.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Explaino.ProfileService.Collections;

/// <summary>A whole collection as a client sends it: <c>{ "items": […] }</c>, as it is listed, or the bare array.</summary>
[JsonConverter(typeof(WholeListConverter))]
internal sealed record WholeList<TRequest>(IReadOnlyList<SentItem<TRequest>> Items) : IListBody<TRequest>
{
    public int MaximumCount => Collection.MaximumCount;

    public IReadOnlyList<object?> Elements => [.. Items.Select(item => (object?)item.Request)];
}

/// <summary>An item of a whole list, with the id by which the client knows it.</summary>
internal sealed record SentItem<TRequest>(Guid? Id, TRequest? Request);

internal static class WholeList
{
    /// <summary>For the OpenAPI document: a type with a converter of its own has no schema by itself. The bare array is for whoever knows of it.</summary>
    public static async Task Describe(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonTypeInfo.Type is not { IsGenericType: true } type)
        {
            return;
        }

        var request = type.GetGenericArguments()[0];
        if (type.GetGenericTypeDefinition() == typeof(WholeList<>))
        {
            var item = await context.GetOrCreateSchemaAsync(typeof(SentItem<>).MakeGenericType(request), null, cancellationToken);
            schema.Type = JsonSchemaType.Object;
            schema.Required = new HashSet<string> { "items" };
            schema.Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["items"] = new OpenApiSchema { Type = JsonSchemaType.Array, MaxItems = Collection.MaximumCount, Items = item },
            };
        }
        else if (type.GetGenericTypeDefinition() == typeof(SentItem<>))
        {
            var item = await context.GetOrCreateSchemaAsync(request, null, cancellationToken);
            schema.Required = item.Required;
            schema.Properties = new Dictionary<string, IOpenApiSchema>(item.Properties!)
            {
                ["id"] = new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Null, Format = "uuid", Description = "Of an item that is there already, which keeps it." },
            };
        }
    }
}

internal sealed class WholeListConverter : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(WholeList<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

    private sealed class Converter<TRequest> : JsonConverter<WholeList<TRequest>>
    {
        public override WholeList<TRequest> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.StartArray)
            {
                return ReadItems(ref reader, options);
            }

            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw new JsonException();
            }

            WholeList<TRequest>? list = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isItems = reader.ValueTextEquals("items");
                reader.Read();
                if (isItems)
                {
                    list = ReadItems(ref reader, options);
                }
                else
                {
                    reader.Skip();
                }
            }

            return list ?? throw new JsonException("There are no items.", "$.items", null, null);
        }

        public override void Write(Utf8JsonWriter writer, WholeList<TRequest> value, JsonSerializerOptions options) => throw new NotSupportedException();

        private static WholeList<TRequest> ReadItems(ref Utf8JsonReader reader, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                throw new JsonException("The items are no list.", "$.items", null, null);
            }

            var items = new List<SentItem<TRequest>>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                try
                {
                    // The reader is copied: the item is read twice, once for its id.
                    var again = reader;
                    var id = JsonSerializer.Deserialize<SentId>(ref again, options)?.Id;
                    items.Add(new(id, JsonSerializer.Deserialize<TRequest>(ref reader, options)));
                }
                catch (JsonException e)
                {
                    throw new JsonException(e.Message, $"$.items[{items.Count}]{e.Path?.TrimStart('$')}", null, null, e.InnerException);
                }
            }

            return new(items);
        }

        private sealed record SentId(Guid? Id);
    }
}
