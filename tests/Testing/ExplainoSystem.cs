using Xunit;

namespace Explaino.Testing;

/// <summary>All processes as they run in production, with databases, a virtual host and ports of their own; tests speak to the gateway.</summary>
public class ExplainoSystem : GatewayUsers, IAsyncLifetime
{
    /// <summary>The services, then the gateway.</summary>
    public static readonly IReadOnlyList<Service> All = [.. Service.WithDatabase, Service.Gateway];

    private readonly Dictionary<Service, ServiceProcess[]> _processes = [];
    private readonly List<IAsyncDisposable> _resources = [];
    private HttpClient? _gateway;

    public VirtualHost Broker { get; private set; } = null!;

    public Dictionary<Service, TestDatabase> Databases { get; } = [];

    public override HttpClient Gateway => _gateway ?? throw new InvalidOperationException("The system is not started.");

    /// <summary>Settings for every process, on top of the usual ones.</summary>
    protected virtual Dictionary<string, string?> Settings { get; } = [];

    /// <summary>The service's process; its first one, if there are several.</summary>
    public ServiceProcess this[Service service] => _processes[service][0];

    /// <summary>Instances of each service and of the gateway.</summary>
    protected virtual int Instances => 1;

    /// <summary>The version that is started, and that makes the databases.</summary>
    protected virtual Service VersionOf(Service service) => service;

    /// <summary>A last look at what one process is told: for a test that puts something between it and what it needs.</summary>
    protected virtual void Configure(Service service, Dictionary<string, string?> settings)
    {
    }

    /// <summary>The broker to use; the shared one unless a test stops its own.</summary>
    protected virtual Task<RabbitMqServer> BrokerServerAsync() => RabbitMqServer.SharedAsync();

    /// <summary>The database server to use; the shared one unless a test stops its own.</summary>
    protected virtual Task<PostgresServer> DatabaseServerAsync() => PostgresServer.SharedAsync();

    public IReadOnlyList<ServiceProcess> InstancesOf(Service service) => _processes[service];

    public virtual async ValueTask InitializeAsync()
    {
        Broker = await VirtualHost.CreateAsync(await BrokerServerAsync());
        _resources.Add(Broker);
        var postgres = await DatabaseServerAsync();
        foreach (var service in Service.WithDatabase)
        {
            Databases[service] = await TestDatabase.CreateAsync(VersionOf(service), postgres);
            _resources.Add(Databases[service]);
        }

        var port = FreePorts.Find(All.Count * Instances);
        var addresses = All.Index().ToDictionary(
            each => each.Item, each => Enumerable.Range(port + each.Index * Instances, Instances).Select(number => new Uri($"http://127.0.0.1:{number}")).ToArray());
        foreach (var service in All)
        {
            _processes[service] = new ServiceProcess[Instances];
        }

        await Task.WhenAll(All.SelectMany(service => Enumerable.Range(0, Instances).Select(number => StartAsync(service, number, addresses))));
        _gateway = ClientOf(addresses[Service.Gateway][0]);
    }

    public virtual async ValueTask DisposeAsync()
    {
        _gateway?.Dispose();
        await Task.WhenAll(_processes.Values.SelectMany(processes => processes).OfType<ServiceProcess>().Select(process => process.DisposeAsync().AsTask()));
        foreach (var resource in _resources)
        {
            await resource.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    private async Task StartAsync(Service service, int number, Dictionary<Service, Uri[]> addresses)
    {
        var settings = SystemSettings.For(service, addresses, Broker.ConnectionString, Databases.GetValueOrDefault(service)?.ConnectionString, Folder);
        foreach (var (name, value) in Settings)
        {
            settings.TryAdd(name, value);
        }

        Configure(service, settings);
        _processes[service][number] = await ServiceProcess.StartAsync(VersionOf(service), settings, port: addresses[service][number].Port);
    }

    /// <summary>A folder that all instances share: mail, files.</summary>
    public string Folder(string name) => Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"explaino-e2e-{Broker.Name}", name)).FullName;
}
