using System.Net.Http.Json;
using Explaino.ServiceData.Idempotency;
using Explaino.ServiceData.Messaging;
using Explaino.ServiceData.Outbox;
using Explaino.ServiceData.Postgres;
using Explaino.ServiceDefaults;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Explaino.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Explaino.ServiceData.Tests;

/// <summary>The smallest service that takes idempotency keys, over real HTTP: a note is kept, and what its text asks for is answered.</summary>
public sealed class Notebook : IAsyncLifetime
{
    private readonly TestUser _somebody = TestUser.New();
    private VirtualHost _broker = null!;
    private KeyIssuer _issuer = null!;
    private WebApplication _app = null!;
    private string _database = null!;

    /// <summary>The service's own database, for what no service would do to it.</summary>
    public NpgsqlDataSource Database { get; private set; } = null!;

    public TestClock Clock { get; } = new();

    public async ValueTask InitializeAsync()
    {
        (_broker, _issuer, _database) = (await VirtualHost.CreateAsync(), await KeyIssuer.StartAsync(), await Publisher.NewDatabaseAsync());
        _app = Build(Clock);
        await using (var scope = _app.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<Notes>().Database.EnsureCreatedAsync();
        }

        await _app.StartAsync();
        Database = NpgsqlDataSource.Create(_database);
    }

    /// <summary>A second instance, which tidies up when it starts.</summary>
    public async Task<IAsyncDisposable> StartAnotherAsync()
    {
        var other = Build(Clock);
        await other.StartAsync();
        return other;
    }

    public async Task<HttpResponseMessage> PostAsync(string path, string? text, string? key, TestUser? user = null)
    {
        using var client = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = text is null ? null : JsonContent.Create(new { text }) };
        request.Headers.Authorization = new("Bearer", _issuer.Issue(user ?? _somebody, new TokenOptions { IssuedAt = Clock.GetUtcNow() }));
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key.Split(','));
        }

        return await client.SendAsync(request);
    }

    public async Task<long> CountAsync(string rows)
    {
        await using var command = Database.CreateCommand($"SELECT count(*) FROM {rows}");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await _app.DisposeAsync();
        await _issuer.DisposeAsync();
        await _broker.DisposeAsync();
    }

    private WebApplication Build(TestClock clock)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration["ConnectionStrings:notesdb"] = _database;
        builder.Configuration["ConnectionStrings:messaging"] = _broker.ConnectionString;
        builder.Configuration["services:identity:http:0"] = builder.Configuration["Authentication:Issuer"] = _issuer.Address;
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.AddServiceDefaults();
        builder.AddDatabase<Notes>("notesdb");
        builder.AddBearerAuthentication();
        builder.AddIdempotency<Notes>();
        builder.AddMessaging(_ => { });
        builder.AddOutbox<Notes>(typeof(SomebodyGreeted));
        var app = builder.Build();
        app.UseServiceDefaults();
        Map(app.MapApi());
        return app;
    }

    private static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/notes", Write).WithIdempotency<Notes>();
        api.MapPost("/books/notes", Write).WithIdempotency<Notes>(required: true);
        api.MapPost("/marks", Mark).WithIdempotency<Notes>();
        api.MapPost("/greetings", Greet).WithIdempotency<Notes>();
        api.MapPost("/keys", TellKey).WithIdempotencyInStatement(required: false);
        api.MapPost("/books/keys", TellKey).WithIdempotencyInStatement();
    }

    private static async Task<Results<Created<Note>, Ok<Note>, NoContent, StatusCodeHttpResult, ProblemHttpResult>> Write(
        NoteRequest request, Notes db, CancellationToken cancellationToken)
    {
        var note = new Note(Guid.CreateVersion7(), request.Text);
        db.Add(note);
        await db.SaveChangesAsync(cancellationToken);
        return request.Text switch
        {
            "Read it" => TypedResults.Ok(note),
            "Say nothing" => TypedResults.NoContent(),
            "Choose" => TypedResults.StatusCode(StatusCodes.Status300MultipleChoices),
            "Refuse" => Problems.Conflict("refused", "As it was asked."),
            "Fail" => throw new InvalidOperationException("As it was asked."),
            _ => TypedResults.Created($"/api/notes/{note.Id}", note),
        };
    }

    private static async Task<NoContent> Mark(Notes db, CancellationToken cancellationToken)
    {
        db.Add(new Note(Guid.CreateVersion7(), "A mark"));
        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    // By a statement of its own, which the relay is woken for before it is committed, and has looked for in vain when the handler ends.
    private static async Task<NoContent> Greet(Notes db, OutboxSignal relay, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (id, somebody, now) = (Guid.CreateVersion7(), Guid.CreateVersion7(), clock.GetUtcNow());
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO outbox_messages (id, name, payload, user_id, created_at, attempts)
            VALUES ({id}, {Publisher.EventName}, jsonb_build_object('userId', {somebody}, 'text', 'Hello'), {somebody}, {now}, 0)
            """,
            cancellationToken);
        relay.Wake();
        await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        return TypedResults.NoContent();
    }

    private static Ok<Told> TellKey(NoteRequest request, HttpContext http) =>
        TypedResults.Ok(new Told(http.Features.Get<IdempotencyKey>() is null ? null : http.IdempotencyKey().Key));

    private sealed record NoteRequest(string Text);

    private sealed record Told(Guid? Key);

    private sealed record Note(Guid Id, string Text);

    private sealed class Notes(DbContextOptions<Notes> options) : ServiceDbContext(options)
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder)
        {
            modelBuilder.ApplyConfiguration(new IdempotencyKeyConfiguration()).ApplyConfiguration(new OutboxMessageConfiguration());
            modelBuilder.Entity<Note>().ToTable("notes");
        }
    }
}
