using System.Diagnostics;
using System.Globalization;
using Explaino.Testing;

namespace Explaino.Bench.Figures;

/// <summary>What <c>./dev run --release</c> takes: from built to healthy, in memory beside the services, and from Ctrl+C to nothing left.</summary>
internal static class AppHostFigures
{
    private const int Port = 9280;

    private static readonly int[] Ports = [Port, .. Enumerable.Range(Port + 10_001, 5)];

    public static async IAsyncEnumerable<Figure> MeasureAsync()
    {
        await (await StartAsync()).StopAsync(); // Makes the databases.
        var run = await StartAsync();
        var memory = run.MemoryMegabytes();
        var stopped = await run.StopAsync();
        yield return new("./dev run from built to healthy, servers and migrations included", $"{run.Start.TotalSeconds:F1} s", "< 20 s", run.Start.TotalSeconds < 20);
        yield return new("memory of Aspire: AppHost, orchestrator, dashboard", $"{memory:F0} MB", "< 600 MB", memory < 600);
        yield return new("./dev run from Ctrl+C to nothing left", $"{stopped.TotalSeconds:F1} s", "< 10 s", stopped.TotalSeconds < 10);
    }

    private static async Task<AppHostRun> StartAsync()
    {
        var started = Stopwatch.GetTimestamp();
        var start = new ProcessStartInfo(
            ServiceProcess.Dotnet,
            [
                Repository.PathTo("artifacts", "bin", "AppHost", "release", "AppHost.dll"), $"--Port={Port}", "--Servers=processes",
                $"--State={Path.Combine(BenchSystem.State, "apphost")}",
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var client = new HttpClient();
        foreach (var port in Ports)
        {
            await Eventually.TrueAsync(() => IsHealthyAsync(client, port), TimeSpan.FromMinutes(3), $"port {port} is healthy");
        }

        return new(process, Stopwatch.GetElapsedTime(started));
    }

    private static async Task<bool> IsHealthyAsync(HttpClient client, int port)
    {
        try
        {
            using var response = await client.GetAsync($"http://localhost:{port}/health");
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private sealed record AppHostRun(Process Process, TimeSpan Start)
    {
        public async Task<TimeSpan> StopAsync()
        {
            var started = Stopwatch.GetTimestamp();
            await Command.RunAsync("kill", ["-INT", Process.Id.ToString(CultureInfo.InvariantCulture)]);
            await Process.WaitForExitAsync();
            return Stopwatch.GetElapsedTime(started);
        }

        // The orchestrator detaches itself: it is known by the process it watches, and its helpers and the dashboard by being its children.
        public double MemoryMegabytes()
        {
            var processes = Process.GetProcesses().ToDictionary(process => process.Id, process => (Parent: Parent(process.Id), Line: CommandLine(process.Id)));
            var orchestrator = processes.First(process => process.Value.Line.Contains($"--monitor {Process.Id} ", StringComparison.Ordinal)).Key;
            return processes.Keys.Where(id => id == Process.Id || id == orchestrator || (DescendsFrom(id, orchestrator) && IsAspire(processes[id].Line)))
                .Sum(id => BenchSystem.ProportionalKilobytes(id, Memory.All)) / 1024.0;

            bool DescendsFrom(int id, int ancestor) =>
                processes.TryGetValue(id, out var process) && (process.Parent == ancestor || (process.Parent > 1 && DescendsFrom(process.Parent, ancestor)));
        }

        private static bool IsAspire(string line) => line.Contains("/tools/dcp ", StringComparison.Ordinal) || line.Contains("Aspire.Dashboard", StringComparison.Ordinal);

        private static string CommandLine(int id) => Read(id, "cmdline").Replace('\0', ' ');

        private static int Parent(int id)
        {
            var stat = Read(id, "stat");
            return stat.Length == 0 ? 0 : int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }

        private static string Read(int id, string file)
        {
            try
            {
                return File.ReadAllText($"/proc/{id}/{file}");
            }
            catch (IOException)
            {
                return ""; // It has ended.
            }
        }
    }
}
