using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Explaino.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Explaino.EndToEnd.Tests;

/// <summary>The system as users start it, by src/AppHost, with ports and a state folder of its own; one for all tests that do not say otherwise.</summary>
public sealed partial class AppHostSystem : GatewayUsers, IAsyncLifetime
{
    // The first start of everything on a machine that builds and tests beside it.
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    // Most of the time of the demo, and of each registration, would be spent on hashing passwords, which is tested elsewhere.
    private static readonly Dictionary<string, string> Settings = new()
    {
        ["Passwords__MemorySize"] = "64",
        ["RateLimiting__Enabled"] = "false",
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
    };

    private readonly int _port = FreePorts.Find(60);
    private DistributedApplication _app = null!;
    private HttpClient _gateway = null!;

    public override HttpClient Gateway => _gateway;

    public string State { get; } = Repository.PathTo(".explaino", "test", $"apphost-{Guid.CreateVersion7():n}");

    public TraceCollector Collector { get; private set; } = null!;

    /// <summary>What the services had logged at warning or above when all were healthy for the first time.</summary>
    public IReadOnlyList<string> WarningsOfStart { get; private set; } = [];

    public string ConnectionString(Service database, string role) =>
        $"Host=127.0.0.1;Port={_port + 11};Database={database.Database};Username={role};Password={role};Pooling=false";

    public async ValueTask InitializeAsync()
    {
        await Command.RunAsync(Repository.PathTo("deploy", "local", "install"), []);
        await Clients.BuildAsync();
        Collector = await TraceCollector.StartAsync();
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            [
                "--environment=Development", "--Servers=processes", $"--Port={_port}", $"--InnerPort={_port + 1}", $"--State={State}",
                "--DcpPublisher:RandomizePorts=false",
            ]);
        foreach (var service in builder.Resources.OfType<ProjectResource>())
        {
            var told = builder.CreateResourceBuilder(service).WithEnvironment("OTEL_EXPORTER_OTLP_ENDPOINT", Collector.Address);
            foreach (var (name, value) in Settings)
            {
                told.WithEnvironment(name, value);
            }
        }

        _app = await builder.BuildAsync();
        using var limit = new CancellationTokenSource(Timeout);
        await _app.StartAsync(limit.Token);
        try
        {
            await Task.WhenAll(ExplainoSystem.All.Select(service => HealthyAsync(service.Name, limit.Token)));
        }
        catch (Exception e) when (e is DistributedApplicationException or OperationCanceledException)
        {
            throw new InvalidOperationException($"The AppHost's system does not become healthy:\n{await LastWordsAsync()}", e);
        }

        WarningsOfStart = [.. (await LogsAsync()).SelectMany(log => log.Lines.Zip(log.Lines.Skip(1).Append("")).Where(pair => Warning().IsMatch(pair.First)).Select(pair => $"{log.Resource}: {pair.First} {pair.Second}"))];
        _gateway = ClientOf(_app.GetEndpoint("gateway"));
        await (await RegisterAsync()).WalletAsync(TimeSpan.FromMinutes(1)); // The first one pays for compilation and connections.
    }

    public Task StopAsync(string resource) => CommandAsync(resource, KnownResourceCommands.StopCommand);

    public async Task StartAsync(string resource)
    {
        await CommandAsync(resource, KnownResourceCommands.StartCommand);
        await HealthyAsync(resource);
    }

    /// <summary>What the dashboard's button of this name does.</summary>
    public async Task<string> CommandAsync(string resource, string command)
    {
        var result = await _app.ResourceCommands.ExecuteCommandAsync(resource, command);
        Assert.True(result.Success, $"{command} of {resource}: {result.Message}\n{result.Data?.Value}");
        return result.Data?.Value ?? "";
    }

    /// <summary>SIGKILL; the AppHost starts it again by itself.</summary>
    public void Kill(string resource)
    {
        Assert.True(_app.ResourceNotifications.TryGetCurrentState(resource, out var state));
        var id = state.Snapshot.Properties.Single(property => property.Name == "executable.pid").Value;
        using var process = Process.GetProcessById(Convert.ToInt32(id, CultureInfo.InvariantCulture));
        process.Kill();
    }

    public async ValueTask DisposeAsync()
    {
        _gateway.Dispose();
        await _app.DisposeAsync();
        await Collector.DisposeAsync();
        await Command.RunAsync(Repository.PathTo("deploy", "local", "postgres"), ["remove", Path.Combine(State, "postgres"), "0"]);
        Directory.Delete(State, recursive: true);
    }

    private async Task<string> LastWordsAsync() =>
        string.Join('\n', (await LogsAsync()).Select(log => $"{log.Resource}:\n{string.Join('\n', log.Lines.TakeLast(15))}"));

    /// <summary>Of the servers, of each step, and of the services.</summary>
    private async Task<List<(string Resource, List<string> Lines)>> LogsAsync()
    {
        var logs = _app.Services.GetRequiredService<ResourceLoggerService>();
        var found = new List<(string, List<string>)>();
        foreach (var resource in _app.Services.GetRequiredService<DistributedApplicationModel>().Resources.Where(resource => resource is ExecutableResource or ProjectResource))
        {
            var lines = new List<string>();
            await foreach (var batch in logs.GetAllAsync(resource))
            {
                lines.AddRange(batch.Select(line => line.Content));
            }

            found.Add((resource.Name, lines));
        }

        return found;
    }

    private Task<ResourceEvent> HealthyAsync(string resource, CancellationToken cancellationToken = default) =>
        _app.ResourceNotifications.WaitForResourceHealthyAsync(resource, cancellationToken);

    // As the console's formatter begins a line, or as a member of its JSON.
    [GeneratedRegex(@"\b(warn|fail|crit): \w|""LogLevel"":""(Warning|Error|Critical)""")]
    private static partial Regex Warning();
}

/// <summary>Tests that share the one system.</summary>
[CollectionDefinition(Name)]
public sealed class OneSystem : ICollectionFixture<AppHostSystem>
{
    public const string Name = "The AppHost's system";
}
