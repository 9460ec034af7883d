using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Explaino.ServiceDefaults.Http;

/// <summary>Headers that make an API harmless in a browser (OWASP REST security cheat sheet); a route that needs others sets them itself.</summary>
public static class SecurityHeaders
{
    private static readonly KeyValuePair<string, StringValues>[] Defaults =
    [
        new("X-Content-Type-Options", "nosniff"),
        new("X-Frame-Options", "DENY"),
        new("Referrer-Policy", "no-referrer"),
        new("Content-Security-Policy", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"),
        new("Cache-Control", "no-store"),
    ];

    public static void UseSecurityHeaders(this WebApplication app) =>
        app.Use((http, next) =>
        {
            http.Response.OnStarting(AddMissing, http.Response.Headers);
            return next(http);
        });

    private static Task AddMissing(object state)
    {
        var headers = (IHeaderDictionary)state;
        foreach (var (name, value) in Defaults)
        {
            headers.TryAdd(name, value);
        }

        return Task.CompletedTask;
    }
}
