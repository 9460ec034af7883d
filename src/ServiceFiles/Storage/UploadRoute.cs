using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;

namespace Explaino.ServiceFiles.Storage;

/// <summary>Marks the routes whose handlers call <see cref="Upload.ReceiveAsync"/>.</summary>
public static class UploadRoute
{
    /// <summary>What a multipart body may have beside its file: boundaries and headers.</summary>
    private const long Envelope = 16 * 1024;

    /// <summary>Lets a body pass that holds a file of at most so many bytes, and describes it in the OpenAPI document.</summary>
    public static RouteHandlerBuilder AcceptsFile(this RouteHandlerBuilder route, long maximumSize, string description)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maximumSize, Upload.LargestSize);
        return route
            .WithMetadata(new BodySize(maximumSize + Envelope))
            .AddOpenApiOperationTransformer((operation, _, _) =>
            {
                operation.RequestBody = new OpenApiRequestBody
                {
                    Required = true,
                    Content = new Dictionary<string, OpenApiMediaType>
                    {
                        ["multipart/form-data"] = new()
                        {
                            Schema = new OpenApiSchema
                            {
                                Type = JsonSchemaType.Object,
                                Required = new HashSet<string> { "file" },
                                Properties = new Dictionary<string, IOpenApiSchema>
                                {
                                    ["file"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary", Description = description },
                                },
                            },
                        },
                    },
                };
                return Task.CompletedTask;
            });
    }

    private sealed record BodySize(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}
