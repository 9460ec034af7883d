using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Http;
using Explaino.ServiceDefaults.Json;
using Explaino.ServiceDefaults.Validation;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Explaino.ServiceDefaults.OpenApi;

/// <summary>Each service's OpenAPI 3.1 document at <c>/openapi/v1.json</c>; the gateway shows them all at <c>/docs</c>.</summary>
public static class ApiDocument
{
    private const string Bearer = "bearer";

    public static WebApplicationBuilder AddApiDocument(this WebApplicationBuilder builder, string title, string description)
    {
        builder.Services.AddSingleton<RenderedDocument>();
        builder.Services.AddOpenApi(RenderedDocument.Name, options =>
        {
            options.AddDocumentTransformer((document, _, _) => Describe(document, title, description));
            options.AddOperationTransformer(DescribeAccess);
            options.AddOperationTransformer(DescribeProblems);
            options.AddOperationTransformer(DescribeIdempotency);
            options.AddOperationTransformer(NameParameters);
            options.AddSchemaTransformer(DescribeConverted);
            options.AddSchemaTransformer(DescribeUrls);
            options.AddSchemaTransformer(DescribePatches);
            options.AddSchemaTransformer(DescribeOptional);
        });
        return builder;
    }

    public static void MapApiDocument(this WebApplication app) => app.MapGet("/openapi/v1.json", Show).AllowAnonymous().ExcludeFromDescription();

    private static async Task<FileContentHttpResult> Show(RenderedDocument document, HttpResponse response)
    {
        var (json, tag) = await document.GetAsync();
        response.Headers.CacheControl = "public, max-age=300";
        return TypedResults.Bytes(json, "application/json", entityTag: tag);
    }

    private static Task Describe(OpenApiDocument document, string title, string description)
    {
        document.Info = new OpenApiInfo { Title = $"Explaino: {title}", Version = "v1", Description = description };
        document.Servers = [new OpenApiServer { Url = "/", Description = "The gateway" }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[Bearer] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = "The access_token of POST /api/auth/token.",
        };
        return Task.CompletedTask;
    }

    private static Task DescribeAccess(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<IAuthorizeData>().Any() && !metadata.OfType<IAllowAnonymous>().Any())
        {
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [] }];
        }

        return Task.CompletedTask;
    }

    /// <summary>Every refusal has the shape of docs/contract.md#1-conventions, said once for all operations.</summary>
    private static async Task DescribeProblems(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var schema = await context.GetOrCreateSchemaAsync(typeof(ProblemBody), null, cancellationToken);

        // Left out where there is nothing to say.
        schema.Required?.ExceptWith(["detail", "errors"]);
        context.Document!.AddComponent("Problem", schema);
        operation.Responses ??= [];
        operation.Responses["default"] = new OpenApiResponse
        {
            Description = "A problem (RFC 9457); code says which.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference("Problem", context.Document) },
            },
        };
    }

    private static Task DescribeIdempotency(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<IdempotencyMetadata>().SingleOrDefault() is { } idempotency)
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = IdempotencyMetadata.Header,
                In = ParameterLocation.Header,
                Required = idempotency.Required,
                Description = "Makes a retry safe: the same key with the same body gives the first answer again for 24 hours.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" },
            });
        }

        return Task.CompletedTask;
    }

    /// <summary>Query parameters are bound in any case; the contract writes them like members.</summary>
    private static Task NameParameters(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>().Where(parameter => parameter.In == ParameterLocation.Query))
        {
            parameter.Name = JsonNamingPolicy.SnakeCaseLower.ConvertName(parameter.Name!);
        }

        return Task.CompletedTask;
    }

    /// <summary>A type with a converter of ours has no schema by itself: text and instants.</summary>
    private static Task DescribeConverted(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type != typeof(string) && type != typeof(DateTimeOffset))
        {
            return Task.CompletedTask;
        }

        var property = context.JsonPropertyInfo;
        var nullable = property is { IsGetNullable: true } && property.AttributeProvider?.IsDefined(typeof(RequiredAttribute), inherit: false) != true;
        schema.Type = nullable ? JsonSchemaType.String | JsonSchemaType.Null : JsonSchemaType.String;
        schema.Format ??= type == typeof(DateTimeOffset) ? "date-time" : null;
        return Task.CompletedTask;
    }

    private static Task DescribeUrls(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonPropertyInfo?.AttributeProvider?.IsDefined(typeof(HttpUrlAttribute), inherit: false) == true)
        {
            schema.Format = "uri";
            schema.MaxLength = HttpUrlAttribute.MaximumLength;
        }

        return Task.CompletedTask;
    }

    /// <summary>A parameter of a record counts as required; not so what an answer leaves out when null, nor what a request need not name.</summary>
    private static Task DescribeOptional(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var isRequest = context.JsonTypeInfo.Type.Name.EndsWith("Request", StringComparison.Ordinal);
        schema.Required?.ExceptWith(context.JsonTypeInfo.Properties
            .Where(property => property.AttributeProvider?.IsDefined(typeof(JsonIgnoreAttribute), inherit: false) == true
                || (isRequest && property.IsGetNullable && property.AttributeProvider?.IsDefined(typeof(RequiredAttribute), inherit: false) != true))
            .Select(property => property.Name));
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
}
