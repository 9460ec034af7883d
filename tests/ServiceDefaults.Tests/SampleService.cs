using System.Globalization;
using System.Security.Claims;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Http;
using Explaino.ServiceDefaults.Json;
using Explaino.ServiceDefaults.OpenApi;
using Explaino.ServiceDefaults.Paging;
using Explaino.ServiceDefaults.Validation;
using Explaino.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Validation;

namespace Explaino.ServiceDefaults.Tests;

/// <summary>The smallest service there is, over real HTTP: what ServiceDefaults promises is tested through it.</summary>
public sealed class SampleService : IAsyncLifetime
{
    private WebApplication? _app;
    private int _documentsMade;

    /// <summary>How often the OpenAPI document was made.</summary>
    public int DocumentsMade => _documentsMade;

    public KeyIssuer Issuer { get; private set; } = null!;

    /// <summary>Identity's first instance, where keys are fetched; a test that takes it away points it elsewhere before the start.</summary>
    public Uri? IdentityAddress { get; init; }

    /// <summary>Whether Identity has a second instance, which answers.</summary>
    public bool WithSecondIdentity { get; init; }

    /// <summary>Where telemetry goes; nowhere if it is null, and then no span is completed.</summary>
    public string? TelemetryAddress { get; init; }

    /// <summary>The share of requests that is traced, if it is not the environment's.</summary>
    public double? TracedShare { get; init; }

    /// <summary>From when on a request is slow, if it is not the default.</summary>
    public TimeSpan? SlowAfter { get; init; }

    /// <summary>This service's clock, if it is not the system's.</summary>
    public TestClock? Clock { get; init; }

    /// <summary>Whether only people who verified their email address say things; null: nothing is set.</summary>
    public bool? VerifiedToWrite { get; init; }

    internal BoundedLog Log { get; } = new();

    public HttpClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Issuer = await KeyIssuer.StartAsync();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.Logging.ClearProviders().AddProvider(Log);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration["services:identity:http:0"] = (IdentityAddress ?? new Uri(Issuer.Address)).AbsoluteUri;
        if (WithSecondIdentity)
        {
            builder.Configuration["services:identity:http:1"] = Issuer.Address;
        }

        builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] = TelemetryAddress;
        builder.Configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        builder.Configuration["Telemetry:TracedShare"] = TracedShare?.ToString(CultureInfo.InvariantCulture);
        builder.Configuration["Telemetry:SlowAfter"] = SlowAfter?.ToString();
        builder.Configuration["Authentication:Issuer"] = Issuer.Address;
        builder.Configuration["Registration:VerifiedToWrite"] = VerifiedToWrite?.ToString();
        if (Clock is not null)
        {
            builder.Services.AddSingleton<TimeProvider>(Clock);
        }

        builder.AddServiceDefaults();
        builder.AddBearerAuthentication();
        builder.AddApiDocument("Sample", "A sample.");
        builder.Services.Configure<OpenApiOptions>("v1", document => document.AddDocumentTransformer((_, _, _) => Task.FromResult(Interlocked.Increment(ref _documentsMade))));
        builder.Services.AddValidation();

        _app = builder.Build();
        _app.UseServiceDefaults();
        _app.MapApiDocument();
        Map(_app.MapApi());
        _app.MapGet("/hubs/sample", () => TypedResults.NoContent()).RequireAuthorization();
        await _app.StartAsync();
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(_app.Urls.Single()) };
    }

    public HttpClient As(string token)
    {
        var client = new HttpClient { BaseAddress = Client.BaseAddress };
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app!.DisposeAsync();
        await Issuer.DisposeAsync();
    }

    private static void Map(RouteGroupBuilder api)
    {
        var things = api.MapGroup("/things").AllowAnonymous();
        things.MapPost("/", (Thing thing) => TypedResults.Created("/api/things/1", thing));
        things.MapPatch("/1", Patch);
        things.MapGet("/1", () => TypedResults.Ok(Thing.First)).WithETag();
        things.MapPut("/1", (Thing thing, HttpRequest request) => Put(thing, request));
        things.MapGet("/", List);
        things.MapGet("/found", ([AsParameters] Wanted wanted) => TypedResults.Ok(wanted));
        things.MapGet("/by-id/{id:guid}", (Guid id) => TypedResults.Ok(id));
        things.MapDelete("/1", (HttpRequest request) => TypedResults.NoContent());
        things.MapGet("/texts", (int count) => TypedResults.Ok(Enumerable.Range(0, count)));
        things.MapGet("/exactly", (int size) => TypedResults.Text(new string('x', size), "text/plain"));
        things.MapGet("/tagged", () => TypedResults.Ok(Enumerable.Range(0, 400))).WithETag();
        things.MapGet("/file", () => FileResponse.Of(new MemoryStream(new byte[5000]), "application/pdf", Guid.Empty, DateTimeOffset.UnixEpoch));
        things.MapGet("/secret", () => TypedResults.Ok(Enumerable.Range(0, 400))).NeverCompressed();
        things.MapGet("/old", (int? amount) => TypedResults.Ok(amount)).Deprecated(new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), new(2027, 1, 2, 3, 4, 5, TimeSpan.Zero));
        things.MapGet("/broken", string () => throw new InvalidOperationException("secret"));
        things.MapGet("/caller", (ClaimsPrincipal user) => TypedResults.Ok(new Caller(user.Identity!.IsAuthenticated)));
        things.MapGet("/away", string () => throw new DependencyUnavailableException("secret"));
        api.MapGet("/me", (ClaimsPrincipal user) => TypedResults.Ok(new Me(user.Id(), user.SessionId(), user.Identity!.Name!, user.IsAdmin(), user.HasVerifiedEmail())));
        api.MapGet("/session", () => TypedResults.NoContent()).WithMetadata(new ChecksSessionMetadata());
        api.MapPost("/sayings", () => TypedResults.NoContent()).ForVerifiedPeople();
        api.MapGet("/admin", () => TypedResults.NoContent()).RequireAuthorization(BearerAuthentication.AdminPolicy);
    }

    private static async Task<Results<Ok<Thing>, ProblemHttpResult>> Patch(
        MergePatch<Thing> patch, MergePatcher patcher, HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.HasPrecondition() && request.ForbidsChange(Thing.First))
        {
            return Problems.PreconditionFailed();
        }

        var patched = await patcher.ApplyAsync(patch, Thing.First, cancellationToken);
        return patched.IsProblem(out var problem, out var changed) ? problem : TypedResults.Ok(changed);
    }

    private static Results<Ok<Thing>, ProblemHttpResult> Put(Thing thing, HttpRequest request) =>
        request.ForbidsChange(Thing.First) ? Problems.PreconditionFailed() : TypedResults.Ok(thing);

    private static Results<Ok<Page<int>>, ProblemHttpResult> List([AsParameters] PageRequest page, [Text(5)] string? q = null)
    {
        if (!page.TryRead<Key>($"things {q}", out var after, out var refusal))
        {
            return refusal;
        }

        var rows = Enumerable.Range((after?.Last ?? 0) + 1, 50 - (after?.Last ?? 0)).Take(page.Size + 1).ToList();
        return TypedResults.Ok(rows.ToPage(page, $"things {q}", last => new Key(last)));
    }

    private sealed record Key(int Last);

    private sealed record Caller(bool IsKnown);

    private sealed record Me(Guid Id, Guid SessionId, string Username, bool IsAdmin, bool IsVerified);
}

/// <summary>A filter of each kind.</summary>
public sealed record Wanted(
    [property: Text(10)] string? Q,
    Shade? Shade,
    DateTimeOffset? Since,
    DateOnly? Day,
    [property: FromQuery(Name = "owner_id")] Guid? OwnerId,
    int? Amount,
    bool? Open);

public enum Shade
{
    DarkBlue,
    LightBlue,
}

[ValidatableType]
public sealed record Thing(
    [property: RequiredMember, Text(10)] string? FirstName,
    [property: Text(20, Multiline = true)] string? LongText,
    [property: HttpUrl] string? HomePage,
    [property: NumberRange(1, 9)] int? Amount,
    Shade? Shade,
    DateTimeOffset? At,
    [property: ListLength(0, 2)] List<Part>? Parts)
{
    public static readonly Thing First = new("Ada", "long", null, 3, Tests.Shade.DarkBlue, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), []);
}

public sealed record Part([property: RequiredMember, Text(3)] string? PartName);
