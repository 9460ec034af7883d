using Microsoft.Net.Http.Headers;

namespace Explaino.Gateway.Clients;

/// <summary>Pages of <c>Cors:Origins</c> may call the API; preflights are answered here, and services never see them.</summary>
internal static class CrossOrigin
{
    public static void AddCrossOrigin(this WebApplicationBuilder builder)
    {
        var origins = builder.Configuration.GetSection("Cors:Origins").Get<string[]>() ?? [];
        builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins(origins)
            .AllowAnyMethod()
            .AllowAnyHeader()
            // No cookie is ever set; SignalR's browser client asks for it all the same.
            .AllowCredentials()
            .WithExposedHeaders(HeaderNames.ETag, HeaderNames.Location, HeaderNames.RetryAfter, "Idempotency-Replayed")
            .SetPreflightMaxAge(TimeSpan.FromMinutes(10))));
    }
}
