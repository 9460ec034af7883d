using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Explaino.Gateway.Clients;

/// <summary>Settings of client applications: what an app asks before anything else, because a version of it stays in phones for years.</summary>
internal static class ClientEndpoint
{
    /// <summary>One more with each addition to docs/contract.md.</summary>
    private const int ApiLevel = 6;

    public static void AddClientSettings(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<ClientSettings>().BindConfiguration("Client")
            .Validate(settings => settings.AreUsable(), "Client: addresses are http or https; Support has Email or Url.")
            .ValidateOnStart();
        builder.Services.AddOptions<TermsSettings>().BindConfiguration("Terms")
            .Validate(terms => terms.AreUsable(), "Terms: Version and Url, or neither; the address is http or https.")
            .ValidateOnStart();
    }

    public static void MapClientSettings(this WebApplication app) =>
        app.MapGet("/api/client", GetClient).WithTags("Client").WithName(nameof(GetClient)).WithSummary("Get what an app must know of this server before anything else")
            .AllowAnonymous().RequireRateLimiting("client");

    private static Ok<ClientResponse> GetClient(IOptionsSnapshot<ClientSettings> settings, IOptionsSnapshot<TermsSettings> terms, HttpResponse response, TimeProvider clock)
    {
        response.Headers.CacheControl = "public, max-age=300";
        return TypedResults.Ok(ClientResponse.From(settings.Value, terms.Value, ApiLevel, clock.GetUtcNow()));
    }
}
