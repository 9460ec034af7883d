using System.Diagnostics;
using System.Globalization;
using Explaino.Testing;
using Npgsql;

namespace Explaino.Trust.Tests.Backup;

/// <summary>The whole system on a PostgreSQL server of its own, whose every moment is archived.</summary>
public sealed class ArchivedSystem : ExplainoSystem
{
    private readonly Dictionary<Service, Dictionary<string, string?>> _settings = [];
    private PostgresServer _postgres = null!;
    private Archive _archive = null!;

    // People log in again after each restore: their passwords need not be hard to guess.
    protected override Dictionary<string, string?> Settings { get; } = new() { ["Passwords:MemorySize"] = "64" };

    internal PostgresServer Postgres => _postgres;

    internal Archive Archive => _archive;

    /// <summary>The run book's restore of everything, as docs/operations.md has it.</summary>
    /// <param name="moment">As it was then; as it was last if null.</param>
    /// <returns>What its steps took.</returns>
    internal async Task<RestoreTimes> RestoreAsync(DateTimeOffset? moment, DateTimeOffset resendSince)
    {
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Service.WithDatabase.Select(service => this[service].KillAsync()));
        await _postgres.StopAsync();
        await Broker.LoseAsync();
        await _postgres.RestoreAsync(_archive.Configuration, moment);
        await Eventually.TrueAsync(() => IsTrueAsync(null, "SELECT NOT pg_is_in_recovery()"), TimeSpan.FromMinutes(20));
        var database = Stopwatch.GetElapsedTime(started);
        await RunVerbAsync(Service.Identity, "after-restore");
        foreach (var service in Service.WithDatabase)
        {
            await RunVerbAsync(service, "outbox", "resend", resendSince.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        }

        await Task.WhenAll(Service.WithDatabase.Select(service => this[service].StartAsync()));
        return new(database, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>An operator's verb.</summary>
    internal async Task<ServiceVerb> RunVerbAsync(Service service, params string[] words)
    {
        var verb = await ServiceVerb.RunAsync(service, _settings[service], words);
        Assert.True(verb.ExitCode == 0, $"{service.Name} {string.Join(' ', words)}: {verb.Output}");
        return verb;
    }

    internal async Task<bool> IsTrueAsync(Service? service, string sql)
    {
        await using var source = SourceOf(service);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync() is true;
    }

    internal async Task ExecuteAsync(Service? service, string sql)
    {
        await using var source = SourceOf(service);
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }

    internal async Task<IReadOnlyList<string>> ReadAsync(Service service, string sql)
    {
        await using var source = SourceOf(service);
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }

    public override async ValueTask DisposeAsync()
    {
        _archive.Dispose();
        await base.DisposeAsync();
        _postgres.Dispose();
    }

    protected override async Task<PostgresServer> DatabaseServerAsync()
    {
        _postgres = await PostgresServer.StartPrivateAsync();

        // The test server commits without waiting for its log; here what was acknowledged must be written.
        await ExecuteAsync(null, "ALTER ROLE ALL SET synchronous_commit = on");
        _archive = await Archive.StartAsync(_postgres);
        return _postgres;
    }

    protected override void Configure(Service service, Dictionary<string, string?> settings) => _settings[service] = settings;

    private NpgsqlDataSource SourceOf(Service? service) => NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(service is null ? _postgres.ConnectionString : Databases[service].SuperuserConnectionString) { Pooling = false });
}

/// <summary>What a restore took: until the databases were there, and until everything served.</summary>
internal sealed record RestoreTimes(TimeSpan Databases, TimeSpan Whole);
