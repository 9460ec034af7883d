using System.Diagnostics;
using System.Globalization;
using Explaino.Testing;

namespace Explaino.Security.Tests.Limits;

/// <summary>Observer under load: what an ordinary user and the machine notice of an attack: answers, their times, and the memory of all processes.</summary>
internal sealed class LoadObserver : IAsyncDisposable
{
    private static readonly string[] Paths = ["/api/users/me", "/api/profiles", "/api/jobs?limit=5", "/api/chats", "/alive"];

    private readonly SecuritySystem _system;
    private readonly CancellationTokenSource _end = new();
    private readonly List<double> _times = [];
    private readonly Dictionary<Service, long> _before;
    private readonly Dictionary<Service, long> _most;
    private readonly Task _asking;
    private int _failures;

    private LoadObserver(SecuritySystem system, Member user)
    {
        _system = system;
        _before = Service.All.ToDictionary(service => service, service => Megabytes(service));
        _most = new(_before);
        _asking = AskAsync(user);
    }

    public int Failures => _failures;

    public int Asked => _times.Count;

    /// <summary>Most that a process grew, in MB.</summary>
    public long Growth => Service.All.Max(service => _most[service] - _before[service]);

    public static async Task<LoadObserver> StartAsync(SecuritySystem system)
    {
        var user = await system.RegisterAsync();
        foreach (var path in Paths)
        {
            // The first call of each kind pays for compilation and connections, and measures nothing of an attack.
            using var response = await user.Client.GetAsync(path);
            response.EnsureSuccessStatusCode();
        }

        return new(system, user);
    }

    /// <summary>Milliseconds within which this part of the answers came.</summary>
    public double Within(double part)
    {
        _times.Sort();
        return _times[(int)((_times.Count - 1) * part)];
    }

    /// <summary>Ends the watch: all were served, in bounded time and memory.</summary>
    public async Task EndAsync(string attack)
    {
        var complaints = await ComplaintsAsync();
        Figures.Record("Limits", $"{attack}: others meanwhile", $"{Asked} answers, {Failures} failed, p50 {Within(0.5):F0} ms, p99 {Within(0.99):F0} ms");
        Figures.Record("Limits", $"{attack}: most that a process grew", $"{Growth} MB");
        Assert.Empty(complaints);
    }

    /// <summary>Ends the watch, and tells what others had to suffer.</summary>
    public async Task<IReadOnlyList<string>> ComplaintsAsync()
    {
        await _end.CancelAsync();
        await _asking;
        (bool Holds, string Complaint)[] promises =
        [
            (Failures == 0, $"{Failures} of {Asked} others failed."),
            (Asked > 0 && Within(0.99) < 10_000, $"Others waited {Within(0.99)} ms."),
            (Growth < 400, $"A process grew by {Growth} MB."),
        ];
        return [.. promises.Where(promise => !promise.Holds).Select(promise => promise.Complaint)];
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _asking;
        _end.Dispose();
    }

    private async Task AskAsync(Member user)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var number = 0; !_end.IsCancellationRequested; number++)
        {
            var asked = Stopwatch.GetTimestamp();
            using var response = await user.Client.GetAsync(Paths[number % Paths.Length]);
            _times.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            _failures += response.IsSuccessStatusCode ? 0 : 1;
            foreach (var service in Service.All)
            {
                _most[service] = Math.Max(_most[service], Megabytes(service));
            }

            await pause.WaitForNextTickAsync();
        }
    }

    private long Megabytes(Service service)
    {
        try
        {
            var line = File.ReadLines($"/proc/{_system[service].Id}/status").FirstOrDefault(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // It died: what others notice of that is counted.
            return 0;
        }
    }
}
