using System.Diagnostics;
using System.Globalization;
using Explaino.Bench.Limits;
using Explaino.Testing;
using Npgsql;

namespace Explaino.Bench;

/// <summary>The system that is measured, as processes of this one over servers that run: where its parts answer, and what they use of the machine.</summary>
internal sealed class BenchSystem : IAsyncDisposable
{
    public static readonly string[] Processes = [.. Service.All.Select(service => service.Name)];

    private static readonly Service[] Services = [.. Service.WithDatabase, Service.Gateway];

    private readonly Dictionary<string, int> _ports;
    private readonly Dictionary<string, ServiceProcess> _processes = [];
    private readonly Dictionary<string, TimeSpan> _starts = [];
    private readonly Dictionary<Service, Dictionary<string, string?>> _settings = [];

    private BenchSystem(Dictionary<string, int> ports) => _ports = ports;

    public static string Sql => Repository.PathTo("tools", "Bench", "sql");

    public static string Floors => Repository.PathTo("tools", "Bench", "floors.json");

    public static string State => Repository.PathTo(".explaino", "bench");

    /// <summary>How long each process took from its start to its first healthy answer, when it started alone.</summary>
    public IReadOnlyDictionary<string, TimeSpan> Starts => _starts;

    /// <summary>Migrates, and starts one process after the other, so that each one's time is its own.</summary>
    public static async Task<BenchSystem> StartAsync(int postgres, int rabbitMq)
    {
        var ports = Services.Index().ToDictionary(each => each.Item.Name, each => postgres - 9 + each.Index);
        (ports["postgres"], ports["rabbitmq"], ports["bare"], ports["nginx"]) = (postgres, rabbitMq, postgres + 1, postgres + 2);
        var system = new BenchSystem(ports);
        var addresses = Services.ToDictionary(service => service, service => new[] { system.Address(service.Name) });
        await Reference.StartAsync(system);
        foreach (var service in Services)
        {
            var database = service == Service.Gateway ? null : system.ConnectionString(service.Database, service.Database);
            var settings = SystemSettings.For(service, addresses, $"amqp://explaino:explaino@127.0.0.1:{rabbitMq}/", database, Folder);
            Reference.AddTo(settings, system.Address("bare"));
            if (database is not null)
            {
                await MigrateAsync(service, settings, system.ConnectionString(service.Database, $"{service.Database}_owner"));
            }

            var started = Stopwatch.GetTimestamp();
            system._processes[service.Name] = await ServiceProcess.StartAsync(service, settings, port: system.Port(service.Name));
            system._starts[service.Name] = Stopwatch.GetElapsedTime(started);
            system._settings[service] = settings;
        }

        return system;
    }

    /// <summary>Ends a process as a deployment does, and starts it anew on the same port.</summary>
    public async Task RestartAsync(string name)
    {
        await _processes[name].StopAsync();
        await _processes[name].StartAsync();
    }

    /// <summary>An instance more, which the gateway does not know and which is the caller's to end.</summary>
    public Task<ServiceProcess> StartAnotherAsync(Service service) => ServiceProcess.StartAsync(service, _settings[service]);

    public ServiceProcess Process(string name) => _processes[name];

    public int Port(string name) => _ports[name];

    public Uri Address(string name) => new($"http://127.0.0.1:{Port(name)}");

    public NpgsqlDataSource Open(string database) =>
        NpgsqlDataSource.Create(ConnectionString(database, "postgres") + ";Command Timeout=600");

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes.Values)
        {
            await process.DisposeAsync();
        }
    }

    public TimeSpan CpuTime() => Processes.Aggregate(TimeSpan.Zero, (sum, name) => sum + Find(name).TotalProcessorTime);

    /// <summary>What the machine would gain if they ended: a page that several share counts for each in part (PSS).</summary>
    public double MemoryMegabytes(params string[] names) => MemoryMegabytes(Memory.All, names);

    public double MemoryMegabytes(Memory kind, params string[] names) => names.Sum(name => ProportionalKilobytes(Find(name).Id, kind)) / 1024.0;

    public void Signal(string signal, params string[] names)
    {
        using var kill = System.Diagnostics.Process.Start("kill", [$"-{signal}", .. names.Select(name => $"{Find(name).Id}")]);
        kill.WaitForExit();
    }

    /// <summary>Waits until the processes have nothing left to do: until they use next to nothing, or, on a slow machine, little and no less than some seconds before.</summary>
    /// <exception cref="TimeoutException">They still work after five minutes.</exception>
    public async Task QuietAsync()
    {
        const int Seconds = 5;
        var (nothing, little, patience) = (TimeSpan.FromSeconds(0.3), TimeSpan.FromSeconds(0.8), TimeSpan.FromMinutes(5));
        var (used, before) = (new List<TimeSpan>(), CpuTime());
        do
        {
            if (used.Count > patience.TotalSeconds)
            {
                throw new TimeoutException($"The processes still work after {patience}.");
            }

            await Task.Delay(TimeSpan.FromSeconds(1));
            var now = CpuTime();
            used.Add(now - before);
            before = now;
        }
        while (used[^1] > nothing && (used.Count <= Seconds || used[^1] > little || used[^1] < used[^Seconds] * 0.9));
    }

    public static long ProportionalKilobytes(int process, Memory kind)
    {
        var label = kind switch { Memory.Own => "Pss_Anon:", Memory.Compiled => "Pss_Shmem:", Memory.Files => "Pss_File:", _ => "Pss:" };
        var line = File.ReadLines($"/proc/{process}/smaps_rollup").First(line => line.StartsWith(label, StringComparison.Ordinal));
        return long.Parse(line[label.Length..^2], CultureInfo.InvariantCulture);
    }

    private string ConnectionString(string database, string role) =>
        $"Host=127.0.0.1;Port={Port("postgres")};Database={database};Username={role};Password={role}";

    private static string Folder(string name) => Directory.CreateDirectory(Path.Combine(State, name)).FullName;

    private static async Task MigrateAsync(Service service, Dictionary<string, string?> settings, string owner)
    {
        var migration = await ServiceVerb.RunAsync(
            service, new Dictionary<string, string?>(settings) { [service.ConnectionStringKey] = owner }, "migrate");
        if (migration.ExitCode != 0)
        {
            throw new InvalidOperationException($"{service.Name} is not migrated:\n{migration.Output}");
        }
    }

    private Process Find(string name) => System.Diagnostics.Process.GetProcessById(_processes[name].Id);
}

/// <summary>What a process keeps in memory.</summary>
internal enum Memory
{
    All,

    /// <summary>Heaps and stacks.</summary>
    Own,

    /// <summary>What the runtime compiled, and what it knows of types: it shares that memory with itself, to write it elsewhere than where it runs.</summary>
    Compiled,

    /// <summary>Assemblies and libraries.</summary>
    Files,
}
