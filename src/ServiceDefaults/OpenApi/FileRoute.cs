using Microsoft.AspNetCore.Builder;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Explaino.ServiceDefaults.OpenApi;

/// <summary>Marks the routes whose handlers give a file.</summary>
public static class FileRoute
{
    /// <summary>Describes the file, and a part of it, in the OpenAPI document.</summary>
    public static RouteHandlerBuilder ServesFile(this RouteHandlerBuilder route, params string[] contentTypes) =>
        route.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Responses ??= [];
            operation.Responses["200"] = Bytes("The file.", contentTypes);
            operation.Responses["206"] = Bytes("The part of it that Range asks for.", contentTypes);
            operation.DescribeNotModified();
            operation.AddHeader("200", HeaderNames.ETag, OperationConventions.Header("Its version: for If-None-Match and If-Range."));
            operation.AddHeader("206", HeaderNames.ETag, OperationConventions.Header("Of which version it is a part."));
            operation.AddHeader("206", HeaderNames.ContentRange, OperationConventions.Header("Which part of how many bytes."));
            return Task.CompletedTask;
        });

    private static OpenApiResponse Bytes(string description, string[] contentTypes) => new()
    {
        Description = description,
        Content = contentTypes.ToDictionary(type => type, _ => new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } }),
    };
}
