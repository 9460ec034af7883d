using System.Diagnostics;
using System.Net;
using Explaino.Testing;
using Npgsql;

namespace Explaino.IdentityService.Tests;

public sealed class OutboxTests(ITestOutputHelper output)
{
    [Fact]
    public async Task With_the_broker_down_everything_answers_and_the_events_follow()
    {
        using var broker = await RabbitMqServer.StartPrivateAsync();
        await using var environment = await ServiceEnvironment.CreateAsync(Service.Identity, rabbitMq: broker);
        await using var host = new IdentityHost(environment);
        await host.InitializeAsync();
        var events = await PublishedEvents.ListenAsync(environment.Broker, "user-created.v1");
        await broker.StopAsync();

        var members = new List<Member>();
        for (var i = 0; i < 5; i++)
        {
            members.Add(await host.RegisterAsync());
        }

        using var client = host.As(await host.LogInAsync(members[0]));
        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync("/api/auth/sessions")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.Anonymous().GetAsync("/health")).StatusCode);

        await broker.StartAsync();
        foreach (var member in members)
        {
            await events.AboutAsync(member.Id, timeout: TimeSpan.FromSeconds(30));
        }
    }

    [Fact]
    public async Task A_row_that_cannot_be_published_is_set_aside_and_blocks_nobody_until_an_operator_mends_it()
    {
        await using var environment = await ServiceEnvironment.CreateAsync(Service.Identity);
        await using var host = new IdentityHost(environment);
        await host.InitializeAsync();
        var events = await PublishedEvents.ListenAsync(environment.Broker, "user-deleted.v1");
        var created = await PublishedEvents.ListenAsync(environment.Broker, "user-created.v1");
        await using var database = NpgsqlDataSource.Create(environment.Database.SuperuserConnectionString);
        var (poison, somebody) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await ExecuteAsync(database, $"""
            INSERT INTO outbox_messages (id, name, payload, user_id, created_at, attempts)
            VALUES ('{poison}', 'user-deletd.v1', jsonb_build_object('userId', '{somebody}', 'deletedAt', now()), '{somebody}', now(), 0)
            """);

        await Eventually.TrueAsync(async () => await ExecuteAsync(database, $"SELECT set_aside_at IS NOT NULL FROM outbox_messages WHERE id = '{poison}'") is true);
        await created.AboutAsync((await host.RegisterAsync()).Id);

        Assert.Contains(poison.ToString(), await RunVerbAsync(environment, "outbox", "list"), StringComparison.Ordinal);
        await ExecuteAsync(database, $"UPDATE outbox_messages SET name = 'user-deleted.v1' WHERE id = '{poison}'");
        Assert.Contains("1 to be published again", await RunVerbAsync(environment, "outbox", "retry"), StringComparison.Ordinal);
        var envelope = Assert.Single(await events.AboutAsync(somebody));
        Assert.Equal(poison, (Guid?)envelope["messageId"]);
    }

    [Fact]
    public async Task Two_instances_publish_every_event_once_and_none_is_left()
    {
        await using var environment = await ServiceEnvironment.CreateAsync(Service.Identity);
        await using var first = new IdentityHost(environment);
        await first.InitializeAsync();
        await using var second = new IdentityHost(environment);
        await second.InitializeAsync();
        var events = await PublishedEvents.ListenAsync(environment.Broker, "user-created.v1");

        var members = await Task.WhenAll(Enumerable.Range(0, 60).Select(index => (index % 2 == 0 ? first : second).RegisterAsync()));

        foreach (var member in members)
        {
            Assert.Single(await events.AboutAsync(member.Id));
        }
    }

    [Fact]
    public async Task An_event_is_out_within_milliseconds_of_its_commit()
    {
        await using var environment = await ServiceEnvironment.CreateAsync(Service.Identity);
        await using var host = new IdentityHost(environment);
        await host.InitializeAsync();
        for (var i = 0; i < 50; i++)
        {
            await host.RegisterAsync();
        }

        await using var database = NpgsqlDataSource.Create(environment.Database.SuperuserConnectionString);
        await Eventually.TrueAsync(async () => await ExecuteAsync(database, "SELECT count(*) FROM outbox_messages WHERE sent_at IS NULL") is 0L);
        var median = (double)(await ExecuteAsync(database, """
            SELECT extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY sent_at - created_at))::float8 * 1000 FROM outbox_messages
            """))!;

        output.WriteLine($"Half of the events were out within {median:F1} ms.");
        Assert.InRange(median, 0, 250);
    }

    private static async Task<object?> ExecuteAsync(NpgsqlDataSource database, string statement)
    {
        await using var command = database.CreateCommand(statement);
        return await command.ExecuteScalarAsync();
    }

    internal static async Task<string> RunVerbAsync(ServiceEnvironment environment, params string[] verb)
    {
        var folder = Path.GetDirectoryName(typeof(Program).Assembly.Location)!;
        var start = new ProcessStartInfo("dotnet", [Path.Combine(folder, "IdentityService.dll"), .. verb])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        foreach (var (name, value) in environment.Settings)
        {
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        using var process = Process.Start(start)!;
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return text;
    }
}
