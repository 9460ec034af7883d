using Explaino.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Explaino.ServiceDefaults.Authentication;

/// <summary><c>Registration:VerifiedToWrite</c> (docs/contract.md#8-settings): whether only people who verified their email address say things to others.</summary>
public static class VerifiedWriting
{
    public const string Refused = "email_not_verified";
    public const string Detail = "The email address must be verified first; after that, the access token must be refreshed.";

    public static bool OnlyVerifiedWrite(this IConfiguration configuration) => configuration.GetValue("Registration:VerifiedToWrite", false);

    /// <summary>Refuses others with 403, by the claim in their token; before an idempotency key is looked at.</summary>
    public static TBuilder ForVerifiedPeople<TBuilder>(this TBuilder route) where TBuilder : IEndpointConventionBuilder =>
        route.AddEndpointFilterFactory((factory, next) => factory.ApplicationServices.GetRequiredService<IConfiguration>().OnlyVerifiedWrite()
            ? context => context.HttpContext.User.HasVerifiedEmail() ? next(context) : ValueTask.FromResult<object?>(Problems.Forbidden(Refused, Detail))
            : next);
}
