using System.Globalization;
using Npgsql;

namespace Explaino.Testing;

/// <summary>A real PostgreSQL: the one that all tests share, or a private one for tests that stop and start it.</summary>
public sealed class PostgresServer : IDisposable
{
    private static readonly Lazy<Task<PostgresServer>> SharedServer = new(StartSharedAsync);

    private readonly KeptServer? _server;
    private readonly (string Name, string Value)[] _variables = [];

    private PostgresServer(KeptServer server, params (string Name, string Value)[] variables)
    {
        (_server, _variables) = (server, variables);
        ConnectionString = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = server.Port,
            Username = "postgres",
            Password = "postgres",
            Database = "postgres",
        }.ConnectionString;
    }

    private PostgresServer(string connectionString) => ConnectionString = connectionString;

    /// <summary>The superuser's.</summary>
    public string ConnectionString { get; }

    /// <summary>Shared with every test process of this repository; TEST_POSTGRES names another one instead.</summary>
    public static Task<PostgresServer> SharedAsync() => SharedServer.Value;

    /// <param name="variables">What its script is told beside, at each start: <c>FSYNC=on</c>, or what the server's process is to find in its environment.</param>
    public static async Task<PostgresServer> StartPrivateAsync(params (string Name, string Value)[] variables) =>
        new(await KeptServer.HoldAsync("postgres", $"postgres-{Guid.CreateVersion7():n}", variables), variables);

    /// <summary>A copy of a server, which follows it by streaming replication.</summary>
    /// <param name="primaryPort">Where it finds the other: a way to it may lead through a <see cref="Wire"/>.</param>
    public static async Task<PostgresServer> StartStandbyAsync(int primaryPort) =>
        new(await KeptServer.HoldAsync("postgres", $"postgres-{Guid.CreateVersion7():n}", Of(primaryPort)));

    /// <summary>Makes of one that is dead a standby of the server that took over from it: all it had goes.</summary>
    public Task FollowAsync(int primaryPort) => Private.StartAsync(Of(primaryPort));

    /// <summary>Starts one that is stopped from what Barman has of it; all else that it had goes.</summary>
    /// <param name="configuration">Barman's.</param>
    /// <param name="moment">As it was then; as it was last if null.</param>
    public Task RestoreAsync(string configuration, DateTimeOffset? moment) =>
        Private.StartAsync(("RESTORED_BY", configuration), ("MOMENT", moment is { } then ? $"{then.UtcDateTime:O}" : ""));

    /// <summary>The standby becomes a primary.</summary>
    public Task PromoteAsync() => ExecuteAsync("SELECT pg_promote()");

    /// <summary>As the superuser, each statement by itself.</summary>
    public async Task ExecuteAsync(params string[] statements)
    {
        await using var connection = new NpgsqlConnection($"{ConnectionString};Pooling=false");
        await connection.OpenAsync();
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    public int Port => Private.Port;

    public Task StopAsync() => Private.StopAsync();

    public Task StartAsync() => Private.StartAsync(_variables);

    /// <summary>Has it write its log (WAL) to another place: a disk of its own.</summary>
    public async Task MoveLogAsync(string folder)
    {
        var log = Path.Combine(DataFolders.First(), "pg_wal");
        await StopAsync();
        await Command.RunAsync("cp", ["--archive", $"{log}/.", folder]);
        Directory.Delete(log, recursive: true);
        File.CreateSymbolicLink(log, folder);
        await StartAsync();
    }

    /// <summary>SIGKILL to the postmaster: its backends end with it, nobody says good-bye.</summary>
    public Task KillAsync() => Private.KillAsync("data/postmaster.pid", "home/data/postmaster.pid");

    /// <summary>The machine is lost: SIGKILL, and all that the server had is gone.</summary>
    public async Task LoseAsync()
    {
        await KillAsync();
        foreach (var data in DataFolders)
        {
            Directory.Delete(data, recursive: true);
        }
    }

    public void Dispose() => _server?.Dispose();

    private IEnumerable<string> DataFolders => new[] { "server/data", "server/home/data" }.Select(name => Path.Combine(Private.Folder, name)).Where(Directory.Exists);

    internal KeptServer Private => _server ?? throw new InvalidOperationException("Only a server of our own can be stopped.");

    private static (string Name, string Value) Of(int primaryPort) => ("STANDBY_OF", primaryPort.ToString(CultureInfo.InvariantCulture));

    private static async Task<PostgresServer> StartSharedAsync() =>
        Environment.GetEnvironmentVariable("TEST_POSTGRES") is { Length: > 0 } existing
            ? new PostgresServer(existing)
            : new PostgresServer(await KeptServer.HoldAsync("postgres", "postgres"));
}
