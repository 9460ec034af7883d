using System.Net.Http.Json;
using Explaino.ServiceData.Messaging;
using Explaino.ServiceData.Outbox;
using Explaino.ServiceData.Postgres;
using Explaino.ServiceDefaults;
using Explaino.Testing;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Explaino.ServiceData.Tests;

/// <summary>The smallest service that publishes, over real HTTP: a greeting is stored, and told of.</summary>
public sealed class Publisher : IAsyncDisposable
{
    public const string EventName = "somebody-greeted.v1";

    private readonly WebApplication _app;

    private Publisher(WebApplication app, string database)
    {
        _app = app;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        Database = NpgsqlDataSource.Create(database);
    }

    public HttpClient Client { get; }

    /// <summary>The service's own database, for what no service would do to it.</summary>
    public NpgsqlDataSource Database { get; }

    /// <summary>Starts an instance over this database, whose tables it makes if they are missing.</summary>
    public static Task<Publisher> StartAsync(VirtualHost broker, string database, TestClock? clock = null) => StartAsync(broker.ConnectionString, database, clock);

    public static async Task<Publisher> StartAsync(string broker, string database, TestClock? clock = null)
    {
        var app = Build(broker, database, clock);
        await using (var scope = app.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<Greetings>().Database.EnsureCreatedAsync();
        }

        await app.StartAsync();
        return new(app, database);
    }

    /// <summary>A name for a database that does not exist yet.</summary>
    public static async Task<string> NewDatabaseAsync() =>
        new NpgsqlConnectionStringBuilder((await PostgresServer.SharedAsync()).ConnectionString) { Database = $"publisher_{Guid.CreateVersion7():n}" }.ConnectionString;

    /// <summary>Runs a verb as an operator does: in a process that does not serve.</summary>
    public static async Task<ServiceVerb> RunVerbAsync(VirtualHost broker, string database, params string[] words)
    {
        await using var app = Build(broker.ConnectionString, database, clock: null);
        return await CapturedConsole.DuringAsync(() => app.RunAsync(words));
    }

    public async Task<Guid> GreetAsync(Guid? userId = null, string text = "Hello")
    {
        var greeted = userId ?? Guid.CreateVersion7();
        using var response = await Client.PostAsJsonAsync("/greetings", new { user_id = greeted, text });
        response.EnsureSuccessStatusCode();
        return greeted;
    }

    public async Task<object?> ExecuteAsync(string statement)
    {
        await using var command = Database.CreateCommand(statement);
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Database.DisposeAsync();
        await _app.DisposeAsync();
    }

    private static WebApplication Build(string broker, string database, TestClock? clock)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration["ConnectionStrings:greetingsdb"] = database;
        builder.Configuration["ConnectionStrings:messaging"] = broker;
        if (clock is not null)
        {
            builder.Services.AddSingleton<TimeProvider>(clock);
        }

        builder.AddServiceDefaults();
        builder.AddDatabase<Greetings>("greetingsdb");
        builder.AddMessaging(_ => { });
        builder.AddOutbox<Greetings>(typeof(SomebodyGreeted));
        var app = builder.Build();
        app.MapPost("/greetings", Greet);
        return app;
    }

    private static async Task<NoContent> Greet(SomebodyGreeted greeting, Greetings db, TimeProvider clock, CancellationToken cancellationToken)
    {
        db.Outbox.Enqueue(greeting, greeting.UserId, clock);
        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private sealed class Greetings(DbContextOptions<Greetings> options) : ServiceDbContext(options)
    {
        public DbSet<OutboxMessage> Outbox => Set<OutboxMessage>();

        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.ApplyConfiguration(new OutboxMessageConfiguration());
    }
}

[MessageUrn("explaino:somebody-greeted:v1", useDefaultPrefix: false)]
[EntityName("explaino.somebody-greeted.v1")]
public sealed record SomebodyGreeted(Guid UserId, string Text);
