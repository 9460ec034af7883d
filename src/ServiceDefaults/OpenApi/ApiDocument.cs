using System.Text.RegularExpressions;
using Explaino.ServiceDefaults.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Explaino.ServiceDefaults.OpenApi;

/// <summary>Each service's OpenAPI 3.1 document at <c>/openapi/v1.json</c>; the gateway shows them all at <c>/docs</c>.</summary>
public static partial class ApiDocument
{
    internal const string Bearer = "bearer";

    public static WebApplicationBuilder AddApiDocument(this WebApplicationBuilder builder, string title, string description)
    {
        builder.Services.AddSingleton<RenderedDocument>();
        builder.Services.AddOpenApi(RenderedDocument.Name, options =>
        {
            options.AddDocumentTransformer((document, _, _) => Describe(document, title, description));
            options.AddOperationConventions();
            options.AddSchemaConventions();
        });
        return builder;
    }

    public static RouteHandlerBuilder MapApiDocument(this WebApplication app, string path = "/openapi/v1.json") => app.MapGet(path, Show).AllowAnonymous().ExcludeFromDescription().Compressed();

    private static async Task<FileContentHttpResult> Show(RenderedDocument document, HttpResponse response) => (await document.GetAsync()).Show(response);

    private static Task Describe(OpenApiDocument document, string title, string description)
    {
        document.Info = new OpenApiInfo { Title = $"Explaino: {title}", Version = "v1", Description = description };
        document.Servers = [new OpenApiServer { Url = "/", Description = "The gateway" }];
        if (document.Paths.Values.SelectMany(path => path.Operations ?? []).Any(operation => operation.Value.Security is { Count: > 0 }))
        {
            DescribeBearer(document);
        }

        NameParameters(document);
        return Task.CompletedTask;
    }

    private static void DescribeBearer(OpenApiDocument document)
    {
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[Bearer] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = "The access_token of POST /api/auth/token.",
        };
    }

    /// <summary>Parameters of paths are named like those of queries.</summary>
    private static void NameParameters(OpenApiDocument document)
    {
        var paths = new OpenApiPaths();
        foreach (var (path, operations) in document.Paths)
        {
            paths.Add(Parameter().Replace(path, parameter => OperationConventions.WireName(parameter.Value)), operations);
        }

        document.Paths = paths;
    }

    [GeneratedRegex(@"(?<=\{)\w+(?=\})")]
    private static partial Regex Parameter();
}
