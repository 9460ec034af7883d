using Microsoft.Net.Http.Headers;

namespace Explaino.Gateway.Clients;

/// <summary>Pages of <c>Cors:Origins</c> may call the API; preflights are answered here, and services never see them.</summary>
internal static class CrossOrigin
{
    /// <summary>What a page may read beside the headers that are harmless by themselves (Fetch, CORS-safelisted response-header names).</summary>
    private static readonly string[] Exposed =
    [
        HeaderNames.ETag, HeaderNames.Location, HeaderNames.RetryAfter, "Idempotency-Replayed", HeaderNames.ContentDisposition, HeaderNames.ContentRange,
        HeaderNames.AcceptRanges, HeaderNames.WWWAuthenticate, HeaderNames.Allow, "Accept-Patch",
        "RateLimit", "RateLimit-Policy", "Deprecation", "Sunset",
    ];

    public static void AddCrossOrigin(this WebApplicationBuilder builder) =>
        builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins(OriginsIn(builder.Configuration))
            .AllowAnyMethod()
            .AllowAnyHeader()
            // No cookie is ever set; SignalR's browser client asks for it all the same.
            .AllowCredentials()
            .WithExposedHeaders(Exposed)
            .SetPreflightMaxAge(TimeSpan.FromMinutes(10))));

    public static void UseCrossOrigin(this WebApplication app)
    {
        if (OriginsIn(app.Configuration).Length > 0)
        {
            app.Use((http, next) =>
            {
                http.Response.OnStarting(SayThatItDiffers, http.Response.Headers);
                return next(http);
            });
        }

        app.UseCors();
    }

    private static string[] OriginsIn(IConfiguration configuration) => configuration.GetSection("Cors:Origins").Get<string[]>() ?? [];

    /// <summary>An answer to a request without <c>Origin</c> must not be given from a cache to one with it (Fetch, CORS protocol and HTTP caches).</summary>
    private static Task SayThatItDiffers(object state)
    {
        var headers = (IHeaderDictionary)state;
        if (!headers.GetCommaSeparatedValues(HeaderNames.Vary).Contains(HeaderNames.Origin, StringComparer.OrdinalIgnoreCase))
        {
            headers.Append(HeaderNames.Vary, HeaderNames.Origin);
        }

        return Task.CompletedTask;
    }
}
