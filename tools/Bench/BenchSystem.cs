using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Explaino.Bench;

/// <summary>The running system that ./dev bench started: where its parts answer, and what they use of the machine.</summary>
internal sealed class BenchSystem(string root, string state, string ports)
{
    public static readonly string[] Processes = ["gateway", "identity", "wallet", "profile", "jobs", "chat"];

    private readonly Dictionary<string, int> _ports = ports.Split(',').Select(pair => pair.Split('='))
        .ToDictionary(pair => pair[0], pair => int.Parse(pair[1], CultureInfo.InvariantCulture));

    public string Sql => Path.Combine(root, "tools/Bench/sql");

    public string Floors => Path.Combine(root, "tools/Bench/floors.json");

    public string State => state;

    public int Port(string name) => _ports[name];

    public Uri Address(string name) => new($"http://127.0.0.1:{Port(name)}");

    public NpgsqlDataSource Open(string database) => NpgsqlDataSource.Create(
        $"Host=127.0.0.1;Port={Port("postgres")};Database={database};Username=postgres;Password=postgres;Command Timeout=600");

    /// <summary>How long each process took from its start to its first healthy answer, when it started alone; and "run", all of them with their servers.</summary>
    public IReadOnlyDictionary<string, int> StartTimes() =>
        File.ReadLines(Path.Combine(state, "starts.tsv")).Select(line => line.Split('\t'))
            .ToDictionary(fields => fields[0], fields => int.Parse(fields[1], CultureInfo.InvariantCulture));

    public TimeSpan CpuTime() => Processes.Aggregate(TimeSpan.Zero, (sum, name) => sum + Find(name).TotalProcessorTime);

    /// <summary>What the machine would gain if they ended: a page that several share counts for each in part (PSS).</summary>
    public double MemoryMegabytes(params string[] names) => MemoryMegabytes(Memory.All, names);

    public double MemoryMegabytes(Memory kind, params string[] names) => names.Sum(name => ProportionalKilobytes(Find(name).Id, kind)) / 1024.0;

    public void Signal(string signal, params string[] names)
    {
        using var kill = Process.Start("kill", [$"-{signal}", .. names.Select(name => $"{Find(name).Id}")]);
        kill.WaitForExit();
    }

    /// <summary>Waits until the six processes have nothing left to do.</summary>
    /// <exception cref="TimeoutException">They still work after a minute.</exception>
    public async Task QuietAsync()
    {
        var (started, patience) = (Stopwatch.GetTimestamp(), TimeSpan.FromMinutes(1));
        TimeSpan before;
        do
        {
            if (Stopwatch.GetElapsedTime(started) > patience)
            {
                throw new TimeoutException($"The processes still work after {patience}.");
            }

            before = CpuTime();
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
        while (CpuTime() - before > TimeSpan.FromSeconds(0.3));
    }

    private static long ProportionalKilobytes(int process, Memory kind)
    {
        var label = kind switch { Memory.Own => "Pss_Anon:", Memory.Compiled => "Pss_Shmem:", Memory.Files => "Pss_File:", _ => "Pss:" };
        var line = File.ReadLines($"/proc/{process}/smaps_rollup").First(line => line.StartsWith(label, StringComparison.Ordinal));
        return long.Parse(line[label.Length..^2], CultureInfo.InvariantCulture);
    }

    private Process Find(string name) =>
        Process.GetProcessById(int.Parse(File.ReadLines(Path.Combine(state, "run", name + ".pid")).First(), CultureInfo.InvariantCulture));
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
