using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

namespace Explaino.Testing;

/// <summary>
/// A service's database for one test class: a copy of a template that the service's own migrations made, with the roles and
/// rights of deploy/postgres/provision.sql. Nobody but the service's two roles can connect; it is dropped at the end.
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<(Service, PostgresServer), Lazy<Task<string>>> Templates = new();

    private static readonly string Provision = Repository.PathTo("deploy", "postgres", "provision.sql");

    private readonly PostgresServer _server;

    private TestDatabase(PostgresServer server, Service service, string name)
    {
        _server = server;
        Name = name;
        ConnectionString = For(server, name, service.Database);
        OwnerConnectionString = For(server, name, $"{service.Database}_owner");
        SuperuserConnectionString = For(server, name);
    }

    public string Name { get; }

    /// <summary>The serving role's: reads and writes rows, changes no tables.</summary>
    public string ConnectionString { get; }

    /// <summary>The schema owner's, for the migrate verb.</summary>
    public string OwnerConnectionString { get; }

    public string SuperuserConnectionString { get; }

    public static async Task<TestDatabase> CreateAsync(Service service, PostgresServer? server = null)
    {
        server ??= await PostgresServer.SharedAsync();
        var template = await Templates
            .GetOrAdd((service, server), key => new Lazy<Task<string>>(() => BuildTemplateAsync(key.Item1, key.Item2))).Value;

        var name = $"{service.Database}_{Guid.CreateVersion7():n}";
        await server.ExecuteAsync(
            $"CREATE DATABASE {name} TEMPLATE {template}",
            $"REVOKE ALL ON DATABASE {name} FROM PUBLIC",
            $"GRANT CONNECT ON DATABASE {name} TO {service.Database}",
            $"GRANT CONNECT, CREATE ON DATABASE {name} TO {service.Database}_owner");
        return new TestDatabase(server, service, name);
    }

    /// <summary>A database as an earlier version of the service has it.</summary>
    /// <param name="service">Whose.</param>
    /// <param name="lastMigration">The last migration that this version knows.</param>
    public static async Task<TestDatabase> CreateFormerAsync(Service service, string lastMigration)
    {
        var database = await CreateEmptyAsync(service);
        await MigrateAsync(service, database.OwnerConnectionString, limit: null, lastMigration);
        return database;
    }

    /// <summary>A database as it is provisioned: before its first migration.</summary>
    public static async Task<TestDatabase> CreateEmptyAsync(Service service)
    {
        var database = new TestDatabase(await PostgresServer.SharedAsync(), service, $"{service.Database}_{Guid.CreateVersion7():n}");
        await ProvisionAsync(service, database._server, database.Name, Provision);
        return database;
    }

    /// <summary>Brings it up to date.</summary>
    public Task MigrateAsync(Service service, TimeSpan? limit = null) => MigrateAsync(service, OwnerConnectionString, limit);

    /// <summary>Ends the service's connections and waits for it: a backend reports what it scanned at the latest when it ends. New ones may be there already.</summary>
    public async Task FlushStatisticsAsync()
    {
        await using var connection = new NpgsqlConnection(SuperuserConnectionString);
        await connection.OpenAsync();
        await using var end = new NpgsqlCommand(
            """
            SELECT coalesce(array_agg(pid) FILTER (WHERE pg_terminate_backend(pid) IS NOT NULL), '{}')
            FROM pg_stat_activity WHERE datname = current_database() AND usename <> current_user
            """,
            connection);
        var ended = (int[])(await end.ExecuteScalarAsync())!;
        await using var left = new NpgsqlCommand("SELECT count(*) FROM pg_stat_activity WHERE pid = ANY (@ended)", connection) { Parameters = { new("ended", ended) } };
        await Eventually.TrueAsync(async () => await left.ExecuteScalarAsync() is 0L);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _server.ExecuteAsync($"DROP DATABASE {Name} WITH (FORCE)");
        }
        catch (NpgsqlException e) when (e is not PostgresException)
        {
            // A test left its private server stopped; the database goes with it.
        }
    }

    // Once per content of the service and machine: other test processes wait at the lock and then find it.
    private static async Task<string> BuildTemplateAsync(Service service, PostgresServer server)
    {
        var content = SHA256.HashData([.. await File.ReadAllBytesAsync(service.Assembly), .. await File.ReadAllBytesAsync(Provision)]);
        var template = $"{service.Database}_template_{Convert.ToHexStringLower(content)[..16]}";

        await using var connection = await OpenAsync(server);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT pg_advisory_lock(hashtext('explaino test templates'))";
        await command.ExecuteNonQueryAsync();

        // Marked as a template at the very end: without the mark it was interrupted.
        command.CommandText = $"SELECT datistemplate FROM pg_database WHERE datname = '{template}'";
        if (await command.ExecuteScalarAsync() is true)
        {
            return template;
        }

        command.CommandText = $"DROP DATABASE IF EXISTS {template} WITH (FORCE)";
        await command.ExecuteNonQueryAsync();
        await ProvisionAsync(service, server, template, Provision);
        await MigrateAsync(service, For(server, template, $"{service.Database}_owner"));
        command.CommandText = $"ALTER DATABASE {template} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false";
        await command.ExecuteNonQueryAsync();
        return template;
    }

    private static async Task ProvisionAsync(Service service, PostgresServer server, string database, string script)
    {
        var administrator = new NpgsqlConnectionStringBuilder(server.ConnectionString);
        var environment = new Dictionary<string, string?>
        {
            ["PGHOST"] = administrator.Host,
            ["PGPORT"] = administrator.Port.ToString(CultureInfo.InvariantCulture),
            ["PGUSER"] = administrator.Username,
            ["PGPASSWORD"] = administrator.Password,
            ["PGDATABASE"] = administrator.Database,
        };
        await Command.RunAsync(
            "psql",
            [
                "--no-psqlrc", "--quiet", "-v", $"service={service.Database}", "-v", $"database={database}",
                "-v", $"password={service.Database}", "-v", $"owner_password={service.Database}_owner", "-f", script,
            ],
            environment);
    }

    private static Task<string> MigrateAsync(Service service, string ownerConnectionString, TimeSpan? limit = null, params string[] upTo) => Command.RunAsync(
        ServiceProcess.Dotnet,
        [service.Assembly, "migrate", .. upTo],
        new Dictionary<string, string?>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            [service.ConnectionStringKey.Replace(":", "__")] = $"{ownerConnectionString};Timeout=30",
        },
        Path.GetDirectoryName(service.Assembly),
        limit);

    private static string For(PostgresServer server, string database, string? role = null)
    {
        var builder = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = database, IncludeErrorDetail = true };
        if (role is not null)
        {
            builder.Username = role;
            builder.Password = role;
        }

        return builder.ConnectionString;
    }

    private static async Task<NpgsqlConnection> OpenAsync(PostgresServer server)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
