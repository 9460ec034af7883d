using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Explaino.ServiceDefaults.Http;

/// <summary>Deprecation of an operation, told by every answer of it (RFC 9745, RFC 8594) and in its document.</summary>
public static class Deprecation
{
    /// <param name="route">What clients should leave.</param>
    /// <param name="since">Since when.</param>
    /// <param name="until">When it goes, if that is known.</param>
    public static RouteHandlerBuilder Deprecated(this RouteHandlerBuilder route, DateTimeOffset since, DateTimeOffset? until = null) => route
        .WithMetadata(new DeprecationMetadata(since, until))
        .AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Deprecated = true;
            return Task.CompletedTask;
        });

    /// <summary>After routing, and before anything that refuses.</summary>
    internal static void UseDeprecation(this WebApplication app) => app.Use((http, next) =>
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<DeprecationMetadata>() is { } told)
        {
            http.Response.OnStarting(() =>
            {
                http.Response.Headers["Deprecation"] = $"@{told.Since.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}";
                if (told.Until is { } until)
                {
                    http.Response.Headers["Sunset"] = until.UtcDateTime.ToString("R", CultureInfo.InvariantCulture);
                }

                return Task.CompletedTask;
            });
        }

        return next(http);
    });

    private sealed record DeprecationMetadata(DateTimeOffset Since, DateTimeOffset? Until);
}
