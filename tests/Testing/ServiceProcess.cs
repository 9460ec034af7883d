using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Explaino.Testing;

/// <summary>
/// A service as a process of its own, as it runs in production: for what only a real death, or several instances, can show.
/// It never outlives the process that starts it. The tests and the bench share it.
/// </summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    // A machine that is busy with many tests starts six services at once slowly.
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    private readonly Dictionary<string, string?> _variables;
    private readonly string _readiness;
    private readonly BoundedLog _log = new();
    private Service _service;
    private Process? _process;

    private ServiceProcess(Service service, IReadOnlyDictionary<string, string?> settings, string readiness, int port)
    {
        _service = service;
        _readiness = readiness;
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}"),
            Timeout = TimeSpan.FromSeconds(30),
        };
        _variables = settings.ToDictionary(setting => setting.Key.Replace(":", "__"), setting => setting.Value);
        _variables.TryAdd("ASPNETCORE_ENVIRONMENT", "Development");
        _variables["ASPNETCORE_URLS"] = Address.AbsoluteUri;
    }

    /// <summary>The same over restarts.</summary>
    public Uri Address => Client.BaseAddress!;

    public HttpClient Client { get; }

    /// <summary>The operating system's, of the present process.</summary>
    public int Id => Running.Id;

    public string Log => _log.ToString();

    public static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet";

    /// <summary>Starts the process with these settings, and waits until the readiness path answers 200.</summary>
    /// <param name="port">Where others expect it; a free one if null.</param>
    public static async Task<ServiceProcess> StartAsync(
        Service service, IReadOnlyDictionary<string, string?> settings, string readiness = "/health", int? port = null)
    {
        var process = new ServiceProcess(service, settings, readiness, port ?? FreePorts.Find());
        try
        {
            await process.StartAsync();
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it again, on the same address.</summary>
    public async Task StartAsync()
    {
        var start = new ProcessStartInfo(Dotnet, [_service.Assembly])
        {
            WorkingDirectory = Path.GetDirectoryName(_service.Assembly),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in _variables)
        {
            start.Environment[name] = value;
        }

        _process?.Dispose();
        _process = await ChildProcess.StartAsync(start);
        _process.StandardInput.Close();
        _process.OutputDataReceived += (_, line) => _log.Add(line.Data);
        _process.ErrorDataReceived += (_, line) => _log.Add(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        try
        {
            await Eventually.TrueAsync(async () => _process.HasExited || await AnswersAsync(), Timeout);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{_service.Project} is not ready:\n{Log}", e);
        }

        if (_process.HasExited)
        {
            // Until its last words are read as well.
            await _process.WaitForExitAsync();
            throw new InvalidOperationException($"{_service.Project} ended with {_process.ExitCode}:\n{Log}");
        }
    }

    /// <summary>Starts another version of it, on the same address.</summary>
    public Task StartAsync(Service version)
    {
        _service = version;
        return StartAsync();
    }

    /// <summary>SIGKILL: no chance to finish anything.</summary>
    public async Task KillAsync()
    {
        Running.Kill();
        await Running.WaitForExitAsync();
    }

    /// <summary>SIGTERM: what an orchestrator sends; gives the exit code.</summary>
    public async Task<int> StopAsync()
    {
        await Command.RunAsync("kill", ["-TERM", Running.Id.ToString(CultureInfo.InvariantCulture)]);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await Running.WaitForExitAsync(limit.Token);
        return Running.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await KillAsync();
        }

        _process?.Dispose();
        Client.Dispose();
    }

    private Process Running => _process ?? throw new InvalidOperationException("The process is not started.");

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var response = await Client.GetAsync(_readiness);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception e) when (e is TaskCanceledException or HttpRequestException { InnerException: SocketException or IOException })
        {
            return false;
        }
    }
}
