using System.Diagnostics;
using System.Globalization;
using Explaino.Testing;
using Explaino.Trust.Tests.Events;
using Npgsql;

namespace Explaino.Trust.Tests.Soak;

/// <summary>What a system uses, read again and again: memory, handles and threads of each process, connections, waiting messages, and the size of tables for each row.</summary>
internal sealed class Resources(SoakSystem system) : IAsyncDisposable
{
    // Of few rows each is taken for one of two thousand: pages that are written all the time say little about each.
    private const string Sizes =
        """
        SELECT relname, pg_table_size(relid)::float8 / greatest(n_live_tup, 2000), pg_indexes_size(relid)::float8 / greatest(n_live_tup, 2000), n_live_tup::float8 FROM pg_stat_user_tables
        """;

    // From so many rows on a table has as many pages as its rows need, however many come.
    private const double ManyRows = 10_000;

    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly Dictionary<(Kind Kind, string Name), List<(TimeSpan At, double Value)>> _series = [];
    private readonly Dictionary<Service, NpgsqlDataSource> _databases =
        system.Databases.ToDictionary(each => each.Key, each => NpgsqlDataSource.Create(each.Value.SuperuserConnectionString));

    private Queues? _queues;

    /// <summary>What is looked at, each with its unit.</summary>
    internal enum Kind
    {
        MemoryMegabytes,
        Handles,
        Threads,
        DatabaseConnections,
        BrokerConnections,
        WaitingMessages,
        TableBytesARow,
        IndexBytesARow,

        /// <summary>Not judged: what is kept may grow.</summary>
        Rows,
    }

    /// <summary>How each of them rose, by its name.</summary>
    public IReadOnlyList<(Kind Kind, string Name, Trend Trend)> Trends() => [.. _series.Select(series => (series.Key.Kind, series.Key.Name, Trend.Of(series.Value)))];

    /// <summary>What rises by more than its noise, and more than is borne.</summary>
    public IReadOnlyList<string> Complaints() =>
    [
        .. from one in Trends()
           where one.Trend.LeastRise > (one.Kind is Kind.TableBytesARow or Kind.IndexBytesARow ? BorneARow(one.Name, one.Trend.Level) : Borne(one.Kind, one.Trend.Level))
           select $"{one.Kind} of {one.Name}: {one.Trend.Level:F1}, rises by {one.Trend.Rise:F1}, at least {one.Trend.LeastRise:F1}",
    ];

    public async Task SampleAsync()
    {
        var at = Stopwatch.GetElapsedTime(_started);
        foreach (var service in ExplainoSystem.All)
        {
            AddProcess(at, service);
        }

        foreach (var (service, database) in _databases)
        {
            await foreach (var row in RowsAsync(database, "SELECT count(*)::float8 FROM pg_stat_activity WHERE datname = current_database() AND usename <> current_user"))
            {
                Add(Kind.DatabaseConnections, service.Name, at, row.GetDouble(0));
            }

            await foreach (var row in RowsAsync(database, Sizes))
            {
                Add(Kind.TableBytesARow, $"{service.Name} {row.GetString(0)}", at, row.GetDouble(1));
                Add(Kind.IndexBytesARow, $"{service.Name} {row.GetString(0)}", at, row.GetDouble(2));
                Add(Kind.Rows, $"{service.Name} {row.GetString(0)}", at, row.GetDouble(3));
            }
        }

        _queues ??= await Queues.OpenAsync(system.Broker);
        Add(Kind.WaitingMessages, "all queues", at, await _queues.WaitingAsync());
        Add(Kind.BrokerConnections, "all processes", at, await BrokerConnectionsAsync());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var database in _databases.Values)
        {
            await database.DisposeAsync();
        }

        if (_queues is not null)
        {
            await _queues.DisposeAsync();
        }
    }

    /// <summary>What a service keeps for a while by design: heaps and pools that grow with the load's peaks, pages that wait for the next vacuum.</summary>
    private static double Borne(Kind kind, double level) => kind switch
    {
        Kind.MemoryMegabytes => 0.1 * level,
        Kind.Handles or Kind.Threads => 5,
        Kind.DatabaseConnections or Kind.BrokerConnections => 3,
        Kind.WaitingMessages => 20,
        _ => double.PositiveInfinity,
    };

    /// <summary>Of few rows that change often a megabyte waits for the next vacuum; a table that began small and is given rows says nothing yet.</summary>
    private double BorneARow(string table, double level)
    {
        var rows = _series[(Kind.Rows, table)];
        var isFilling = rows[0].Value < ManyRows && rows[^1].Value > 1.1 * rows[0].Value;
        return isFilling ? double.PositiveInfinity : (rows[^1].Value < ManyRows ? 500 : 20) + 0.2 * level;
    }

    private static async IAsyncEnumerable<NpgsqlDataReader> RowsAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            yield return reader;
        }
    }

    private void AddProcess(TimeSpan at, Service service)
    {
        var folder = $"/proc/{system[service].Id.ToString(CultureInfo.InvariantCulture)}";
        var status = File.ReadLines($"{folder}/status").Select(line => line.Split(':', StringSplitOptions.TrimEntries)).ToDictionary(line => line[0], line => line[1]);
        Add(Kind.MemoryMegabytes, service.Name, at, double.Parse(status["VmRSS"].Split(' ')[0], CultureInfo.InvariantCulture) / 1024);
        Add(Kind.Threads, service.Name, at, double.Parse(status["Threads"], CultureInfo.InvariantCulture));
        Add(Kind.Handles, service.Name, at, Directory.EnumerateFileSystemEntries($"{folder}/fd").Count());
    }

    private async Task<int> BrokerConnectionsAsync()
    {
        using var response = await system.Broker.Server.Management.GetAsync("/api/connections?columns=name");
        using var connections = System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return connections.RootElement.GetArrayLength();
    }

    private void Add(Kind kind, string name, TimeSpan at, double value)
    {
        if (!_series.TryGetValue((kind, name), out var series))
        {
            _series[(kind, name)] = series = [];
        }

        series.Add((at, value));
    }
}
