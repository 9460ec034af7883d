using Explaino.ServiceDefaults.Http;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.IdentityModel.Tokens;

namespace Explaino.ServiceDefaults.Authentication;

/// <summary>Access tokens (docs/contract.md#2-identity), verified by every service itself from Identity's published keys.</summary>
public static class BearerAuthentication
{
    public const string Audience = "explaino";
    public const string AdminPolicy = "admin";

    /// <summary>Of an access token (docs/contract.md#2-identity); one that claims more is not ours.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    /// <summary>How much longer a token may be accepted somewhere: clocks differ, and one may be on its way while its session is revoked.</summary>
    public static readonly TimeSpan Leeway = TimeSpan.FromMinutes(1);

    /// <summary>How long a revoked session is remembered: by then its last access token has expired everywhere.</summary>
    public static readonly TimeSpan RevocationLifetime = Lifetime + Leeway;

    /// <summary>For every service but Identity: keys and revoked sessions come from there, and are cached here.</summary>
    public static WebApplicationBuilder AddBearerAuthentication(this WebApplicationBuilder builder)
    {
        builder.Services.AddServiceClient<IdentityClient>("identity");
        builder.Services.AddSingleton<ISigningKeySource>(services => services.GetRequiredService<IdentityClient>());
        builder.Services.AddSingleton<RevokedSessions>();
        builder.Services.AddSingleton<ISessionRevocations>(services => services.GetRequiredService<RevokedSessions>());
        builder.Services.AddHostedService<RevokedSessionsFeed>();
        return builder.AddBearerCore();
    }

    /// <summary>For Identity, which has keys and sessions in its own database.</summary>
    public static WebApplicationBuilder AddBearerAuthentication<TKeys, TRevocations>(this WebApplicationBuilder builder)
        where TKeys : class, ISigningKeySource
        where TRevocations : class, ISessionRevocations
    {
        builder.Services.TryAddSingleton<TKeys>();
        builder.Services.AddSingleton<ISigningKeySource>(services => services.GetRequiredService<TKeys>());
        builder.Services.AddSingleton<ISessionRevocations, TRevocations>();
        return builder.AddBearerCore();
    }

    /// <summary>The <c>iss</c> of every token: <c>Authentication:Issuer</c>, the public base address.</summary>
    public static string Issuer(this IConfiguration configuration, IHostEnvironment environment) =>
        configuration["Authentication:Issuer"]
            ?? (environment.IsDevelopment() ? "http://localhost:8080"
                : throw new InvalidOperationException("Authentication:Issuer, the public base address, must be set outside Development."));

    private static WebApplicationBuilder AddBearerCore(this WebApplicationBuilder builder)
    {
        var issuer = builder.Configuration.Issuer(builder.Environment);

        builder.Services.AddSingleton<SigningKeys>();
        builder.Services.AddHostedService<SigningKeysRefresh>();
        builder.Services.AddSingleton<VerifiedTokens>();
        builder.Services.TryAddSingleton<BearerEvents>();
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        builder.Services.AddAuthorizationBuilder().AddPolicy(AdminPolicy, policy => policy.RequireRole(CurrentUser.AdminRole));
        builder.Services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme).Configure<SigningKeys, VerifiedTokens, TimeProvider>((bearer, keys, tokens, clock) =>
        {
            bearer.TokenHandlers.Clear();
            bearer.TokenHandlers.Add(tokens);
            bearer.EventsType = typeof(BearerEvents);
            bearer.TimeProvider = clock;
            bearer.TokenValidationParameters = new TokenValidationParameters
            {
                ValidIssuer = issuer,
                ValidAudience = Audience,
                ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
                ValidTypes = ["JWT", "at+jwt"],
                // Stryker disable once Boolean: LifetimeValidator and TokenRules demand an end too.
                RequireExpirationTime = true,
                RequireSignedTokens = true,
                ClockSkew = TimeSpan.FromSeconds(5),
                NameClaimType = "preferred_username",
                RoleClaimType = "roles",
                IssuerSigningKeyResolver = (_, _, keyId, _) => keyId is null ? [] : keys.Find(keyId),
                // Stryker disable once Boolean: nobody tries others where a resolver says which.
                TryAllIssuerSigningKeys = false,
                LifetimeValidator = (notBefore, expires, _, rules) =>
                    expires is { } end && clock.GetUtcNow().UtcDateTime < end + rules.ClockSkew
                    && (notBefore is not { } start || clock.GetUtcNow().UtcDateTime >= start - rules.ClockSkew),
            };
        });

        return builder;
    }
}
