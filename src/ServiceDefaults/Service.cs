using System.Text;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Http;
using Explaino.ServiceDefaults.Json;
using Explaino.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Validation;

namespace Explaino.ServiceDefaults;

/// <summary>What every process gets, in two calls: one before it is built, one after.</summary>
public static class Service
{
    /// <summary>The largest JSON body, in bytes (docs/contract.md#1-conventions); uploads raise it for their own route.</summary>
    public const long MaxBodySize = 1024 * 1024;

    public static WebApplicationBuilder AddServiceDefaults(this WebApplicationBuilder builder)
    {
        // Mounted secrets, a file each, named like the environment's variables: those would show up in every inspection of the container.
        if (builder.Configuration["Secrets:Folder"] is { Length: > 0 } secrets)
        {
            builder.Configuration.AddKeyPerFile(secrets, optional: true);
        }

        builder.ConfigureOpenTelemetry();
        builder.AddDefaultHealthChecks();
        builder.AddServiceClients();
        builder.AddProblems();
        builder.Services.AddHealthVerb();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.ConfigureHttpJsonOptions(json => JsonConventions.Apply(json.SerializerOptions));
        builder.Services.AddSingleton(services => new MemberRules(services.GetRequiredService<IOptions<ValidationOptions>>(), services));
        builder.Services.AddSingleton(services => new MergePatcher(services.GetRequiredService<IOptions<JsonOptions>>(), services.GetRequiredService<MemberRules>()));
        builder.Services.Configure<RouteOptions>(routes => routes.SetParameterPolicy<IdConstraint>("guid"));

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodySize;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);

            // More than the gateway takes, which adds some of its own.
            kestrel.Limits.MaxRequestHeaderCount = 200;
            kestrel.Limits.MaxRequestHeadersTotalSize = 64 * 1024;
            kestrel.Limits.MaxRequestLineSize = 16 * 1024;

            // By default a header that is no UTF-8 is refused, a name in User-Agent in Latin-1 too (RFC 9110 section 5.5).
            kestrel.RequestHeaderEncodingSelector = _ => Encoding.UTF8;
        });

        // In flight at SIGTERM: requests are finished by Kestrel, messages by MassTransit, both within this time, once nothing new comes.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Drain.TimeIn(builder.Configuration) + TimeSpan.FromSeconds(25));

        return builder;
    }

    /// <summary>The pipeline every service shares; endpoints are mapped after it.</summary>
    public static WebApplication UseServiceDefaults(this WebApplication app)
    {
        app.UseSecurityHeaders();
        app.UseProblems();
        app.UsePreconditions();
        app.UseRoutingOfHead();
        app.UseDeprecation();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseJsonBodies();
        app.UseMiddleware<QueryValues>();
        app.UseCompression();
        app.MapHealth();
        return app;
    }

    /// <summary>The group under which a service maps its API: a token is needed unless a route says <c>AllowAnonymous</c>.</summary>
    public static RouteGroupBuilder MapApi(this IEndpointRouteBuilder routes) =>
        routes.MapGroup("/api").RequireAuthorization().Compressed();

    /// <summary>Serves, or does what the first word of the command line says (<c>migrate</c>, …).</summary>
    /// <returns>The process's exit code: 0 done, 1 failed, 2 no such verb.</returns>
    public static async Task<int> RunAsync(this WebApplication app, string[] args)
    {
        if (args is [var name, ..] && !name.StartsWith('-'))
        {
            return await ServiceCommands.RunAsync(app, name, args[1..]);
        }

        await app.RunAsync();
        return 0;
    }
}
