using System.Text.Json;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Http;
using Explaino.ServiceDefaults.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Explaino.ServiceDefaults.OpenApi;

/// <summary>What operations have in common (docs/contract.md#1-conventions), said in each of them: generators of clients know no conventions.</summary>
internal static class OperationConventions
{
    public static void AddOperationConventions(this OpenApiOptions options)
    {
        options.AddOperationTransformer(DescribeAccess);
        options.AddOperationTransformer(DescribeProblems);
        options.AddOperationTransformer(DescribeIdempotency);
        options.AddOperationTransformer(DescribeLocation);
        options.AddOperationTransformer(DescribeETag);
        options.AddOperationTransformer(DescribePatch);
        options.AddOperationTransformer(NameParameters);
    }

    public static OpenApiHeader Header(string description, bool required = true, JsonSchemaType type = JsonSchemaType.String) =>
        new() { Description = description, Required = required, Schema = new OpenApiSchema { Type = type } };

    /// <summary>Says that an answer of this status carries a header.</summary>
    public static void AddHeader(this OpenApiOperation operation, string status, string name, OpenApiHeader header)
    {
        if (operation.Responses?.TryGetValue(status, out var response) == true && response is OpenApiResponse answer)
        {
            answer.Headers ??= new Dictionary<string, IOpenApiHeader>();
            answer.Headers[name] = header;
        }
    }

    /// <summary>The alternative of no token at all, where none is needed, is said too: silence would mean that nobody knows.</summary>
    private static Task DescribeAccess(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var isProtected = metadata.OfType<IAuthorizeData>().Any() && !metadata.OfType<IAllowAnonymous>().Any();
        operation.Security = isProtected ? [new() { [new OpenApiSecuritySchemeReference(ApiDocument.Bearer, context.Document)] = [] }] : [];
        return Task.CompletedTask;
    }

    /// <summary>Every refusal has one shape, said once for all operations.</summary>
    private static async Task DescribeProblems(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        context.Document!.AddComponent("Problem", await context.GetOrCreateSchemaAsync(typeof(ProblemBody), null, cancellationToken));
        operation.Responses ??= [];
        operation.Responses["default"] = new OpenApiResponse
        {
            Description = "A problem (RFC 9457); code says which.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference("Problem", context.Document) },
            },
        };
        operation.AddHeader("default", HeaderNames.RetryAfter, Header("In how many seconds trying again may help.", required: false, JsonSchemaType.Integer));
    }

    private static Task DescribeIdempotency(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<IdempotencyMetadata>().SingleOrDefault() is not { } idempotency)
        {
            return Task.CompletedTask;
        }

        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = IdempotencyMetadata.Header,
            In = ParameterLocation.Header,
            Required = idempotency.Required,
            Description = "Makes a retry safe: the same key with the same body gives the first answer again for 24 hours.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" },
        });
        foreach (var status in SuccessesOf(operation))
        {
            operation.AddHeader(status, IdempotencyMetadata.ReplayedHeader, Header("true, if this is the first answer once more.", required: false));
        }

        return Task.CompletedTask;
    }

    private static Task DescribeLocation(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.AddHeader("201", HeaderNames.Location, Header("Where the new thing is."));
        return Task.CompletedTask;
    }

    private static Task DescribeETag(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<ETagMetadata>().Any())
        {
            operation.AddHeader("200", HeaderNames.ETag, Header("Its version: for If-None-Match, and for the If-Match of a change."));
            operation.DescribeNotModified();
        }

        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<IfMatchMetadata>().Any())
        {
            operation.AddCondition(HeaderNames.IfMatch, "Do it only if this is the ETag of what is there, else 412.");
        }

        return Task.CompletedTask;
    }

    /// <summary>Says of a GET that it need not answer what its client has already.</summary>
    public static void DescribeNotModified(this OpenApiOperation operation)
    {
        operation.AddCondition(HeaderNames.IfNoneMatch, "The ETag of what one has: if it is still that, the answer is 304.");
        operation.Responses ??= [];
        operation.Responses["304"] = new OpenApiResponse { Description = "It is still what If-None-Match names." };
        operation.AddHeader("304", HeaderNames.ETag, Header("Its version."));
    }

    private static void AddCondition(this OpenApiOperation operation, string name, string description)
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Header,
            Description = description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        });
    }

    private static Task DescribePatch(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (HttpMethods.IsPatch(context.Description.HttpMethod ?? "") && operation.RequestBody?.Content is { } content
            && content.TryGetValue(JsonMediaTypes.Json, out var json))
        {
            content[JsonMediaTypes.MergePatch] = json;
        }

        return Task.CompletedTask;
    }

    /// <summary>Parameters are bound in any case; the contract writes them like members.</summary>
    private static Task NameParameters(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>().Where(parameter => parameter.In is ParameterLocation.Query or ParameterLocation.Path))
        {
            parameter.Name = WireName(parameter.Name!);
        }

        return Task.CompletedTask;
    }

    public static string WireName(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    private static IEnumerable<string> SuccessesOf(OpenApiOperation operation) => (operation.Responses ?? []).Keys.Where(status => status.StartsWith('2'));
}
