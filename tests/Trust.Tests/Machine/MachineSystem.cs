using Explaino.Testing;
using Explaino.Testing.Metrics;
using Explaino.Trust.Tests.Failover;
using Explaino.Trust.Tests.Network;

namespace Explaino.Trust.Tests.Machine;

/// <summary>
/// The whole system on a machine that can be made to misbehave: its tables, the database's log and its files are on small disks, where root runs the tests; its
/// processes find each other by name and load <see cref="Machine.Misbehaviour"/>, where there is a compiler.
/// </summary>
public sealed class MachineSystem : WiredSystem
{
    /// <summary>Few, so that a pool can be used up by a load that two cores can bear.</summary>
    internal const int PoolSize = 8;

    private MetricCollector? _metrics;
    private Misbehaviour? _misbehaviour;
    private SmallDisk? _tables, _log, _files;

    internal MetricCollector Metrics => _metrics ?? throw new InvalidOperationException("The system is not started.");

    internal Misbehaviour Misbehaviour => _misbehaviour ?? throw new InvalidOperationException(Misbehaviour.Obstacle);

    internal SmallDisk TablesDisk => _tables ?? throw new InvalidOperationException(SmallDisk.Obstacle);

    internal SmallDisk LogDisk => _log ?? throw new InvalidOperationException(SmallDisk.Obstacle);

    internal SmallDisk FilesDisk => _files ?? throw new InvalidOperationException(SmallDisk.Obstacle);

    /// <summary>Where files are kept.</summary>
    internal string FilesFolder => _files is null ? Folder("files") : Path.Combine(_files.Folder, "kept");

    // The log is written as in production, so that it can be written slowly.
    protected override (string Name, string Value)[] DatabaseVariables => _misbehaviour is null ? [] : [("FSYNC", "on"), .. _misbehaviour.Variables];

    public override async ValueTask InitializeAsync()
    {
        _metrics = await MetricCollector.StartAsync();
        if (Misbehaviour.Obstacle is null)
        {
            _misbehaviour = await Misbehaviour.CompileAsync();
        }

        if (SmallDisk.Obstacle is null)
        {
            (_tables, _log, _files) = (await SmallDisk.MountAsync("256m", "postgres"), await SmallDisk.MountAsync("512m", "postgres"), await SmallDisk.MountAsync("128m"));
            Directory.CreateDirectory(Path.Combine(_files.Folder, "uploads"));
        }

        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Postgres.StopAsync();
        Postgres.Dispose();
        RabbitMq.Dispose();
        foreach (var disk in new[] { _tables, _log, _files }.OfType<SmallDisk>())
        {
            await disk.DisposeAsync();
        }

        _misbehaviour?.Dispose();
        await Metrics.DisposeAsync();
    }

    /// <summary>Whether this is so in a service's database.</summary>
    internal Task<bool> IsTrueAsync(Service service, string sql) => ReplicatedPair.IsTrueAsync(Postgres, sql, Databases[service].Name);

    protected override async Task<PostgresServer> DatabaseServerAsync()
    {
        var postgres = await base.DatabaseServerAsync();
        if (SmallDisk.Obstacle is null)
        {
            await postgres.MoveLogAsync(LogDisk.Folder);
            var tables = Path.Combine(TablesDisk.Folder, "tables");
            await Command.RunAsync("install", ["--directory", "--owner=postgres", "--group=postgres", tables]);
            await postgres.ExecuteAsync(
                $"CREATE TABLESPACE small LOCATION '{tables}'",
                "GRANT CREATE ON TABLESPACE small TO PUBLIC",
                "ALTER SYSTEM SET default_tablespace = 'small'",
                "ALTER SYSTEM SET max_wal_size = '64MB'",
                "ALTER SYSTEM SET min_wal_size = '32MB'",
                "SELECT pg_reload_conf()");
        }

        return postgres;
    }

    protected override void Configure(Service service, Dictionary<string, string?> settings)
    {
        base.Configure(service, settings);
        foreach (var (name, value) in Metrics.Settings)
        {
            settings[name] = value;
        }

        if (settings.TryGetValue(service.ConnectionStringKey, out var database))
        {
            settings[service.ConnectionStringKey] = $"{database};Maximum Pool Size={PoolSize}";
        }

        if (_files is not null)
        {
            (settings["Storage:Folder"], settings["Uploads:Folder"]) = (FilesFolder, Path.Combine(_files.Folder, "uploads"));
        }

        _misbehaviour?.Apply(service, settings);
    }
}

/// <summary>One machine for all classes of tests that trouble it.</summary>
[CollectionDefinition(nameof(MachineSystem))]
public sealed class OneMachine : ICollectionFixture<MachineSystem>;
