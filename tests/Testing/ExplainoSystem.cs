using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Explaino.Testing;

/// <summary>All six processes as they run in production, with databases, a virtual host and ports of their own; tests speak to the gateway.</summary>
public class ExplainoSystem : IAsyncLifetime
{
    public const string Password = "correct horse battery";

    private static readonly Service[] Services = [Service.Identity, Service.Wallet, Service.Profile, Service.Jobs, Service.Chat];

    /// <summary>The five services, then the gateway.</summary>
    public static readonly IReadOnlyList<Service> All = [.. Services, Service.Gateway];

    private static int _people;

    private readonly Dictionary<Service, ServiceProcess[]> _processes = [];
    private readonly List<IAsyncDisposable> _resources = [];

    public VirtualHost Broker { get; private set; } = null!;

    public Dictionary<Service, TestDatabase> Databases { get; } = [];

    public HttpClient Gateway => this[Service.Gateway].Client;

    /// <summary>Settings for every process, on top of the usual ones.</summary>
    protected virtual Dictionary<string, string?> Settings { get; } = [];

    /// <summary>The service's process; its first one, if there are several.</summary>
    public ServiceProcess this[Service service] => _processes[service][0];

    /// <summary>Instances of each service and of the gateway.</summary>
    protected virtual int Instances => 1;

    /// <summary>A last look at what one process is told: for a test that puts something between it and what it needs.</summary>
    protected virtual void Configure(Service service, Dictionary<string, string?> settings)
    {
    }

    /// <summary>The broker to use; the shared one unless a test stops its own.</summary>
    protected virtual Task<RabbitMqServer> BrokerServerAsync() => RabbitMqServer.SharedAsync();

    /// <summary>The database server to use; the shared one unless a test stops its own.</summary>
    protected virtual Task<PostgresServer> DatabaseServerAsync() => PostgresServer.SharedAsync();

    public IReadOnlyList<ServiceProcess> InstancesOf(Service service) => _processes[service];

    public async ValueTask InitializeAsync()
    {
        Broker = await VirtualHost.CreateAsync(await BrokerServerAsync());
        _resources.Add(Broker);
        var postgres = await DatabaseServerAsync();
        foreach (var service in Services)
        {
            Databases[service] = await TestDatabase.CreateAsync(service, postgres);
            _resources.Add(Databases[service]);
        }

        var port = FreePorts.Find(All.Count * Instances);
        var ports = All.Index().ToDictionary(each => each.Item, each => Enumerable.Range(port + each.Index * Instances, Instances).ToArray());
        foreach (var service in All)
        {
            _processes[service] = new ServiceProcess[Instances];
        }

        await Task.WhenAll(All.SelectMany(service => Enumerable.Range(0, Instances).Select(number => StartAsync(service, number, ports))));
    }

    /// <summary>Registers somebody new and signs them in.</summary>
    public async Task<Member> RegisterAsync()
    {
        var number = Interlocked.Increment(ref _people);
        var email = $"person{number}@example.org";
        var username = $"person{number:D6}";
        using var registered = await Gateway.PostAsJsonAsync("/api/auth/register", new { email, username, password = Password, first_name = "Ada" });
        var user = await registered.ReadObjectAsync(HttpStatusCode.Created);
        return await SignInAsync(email, Password, Guid.Parse((string)user["id"]!), username);
    }

    /// <summary>The same person with a session of its own, and the roles they have now.</summary>
    public Task<Member> SignInAsync(Member member) => SignInAsync(member.Email, Password, member.Id, member.Username);

    public Task<Member> SignInAsAdminAsync() => SignInAsync("admin@explaino.local", "Admin-Passw0rd!", Guid.Empty, "admin");

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_processes.Values.SelectMany(processes => processes).OfType<ServiceProcess>().Select(process => process.DisposeAsync().AsTask()));
        foreach (var resource in _resources)
        {
            await resource.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    private async Task StartAsync(Service service, int number, Dictionary<Service, int[]> ports)
    {
        var settings = new Dictionary<string, string?>(Settings)
        {
            ["ConnectionStrings:messaging"] = Broker.ConnectionString,
            ["Authentication:Issuer"] = AddressOf(ports[Service.Gateway][0]),
            ["Mail:PickupDirectory"] = Folder("mail"),
            ["Storage:Folder"] = Folder("files"),
            ["RateLimiting:Enabled"] = "false",
            ["OTEL_SERVICE_NAME"] = service.Name,
        };
        foreach (var (peer, itsPorts) in ports)
        {
            foreach (var (index, itsPort) in itsPorts.Index())
            {
                settings[$"services:{peer.Name}:http:{index}"] = AddressOf(itsPort);
            }
        }

        if (Databases.TryGetValue(service, out var database))
        {
            settings[service.ConnectionStringKey] = database.ConnectionString;
        }

        Configure(service, settings);
        _processes[service][number] = await ServiceProcess.StartAsync(service, settings, port: ports[service][number]);
    }

    private static string AddressOf(int port) => $"http://127.0.0.1:{port}";

    /// <summary>A folder that all instances share: mail, files.</summary>
    public string Folder(string name) => Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"explaino-e2e-{Broker.Name}", name)).FullName;

    private async Task<Member> SignInAsync(string email, string password, Guid id, string username)
    {
        using var response = await Gateway.PostAsJsonAsync("/api/auth/token", new { email, password });
        var pair = await response.ReadObjectAsync();
        var client = new HttpClient { BaseAddress = Gateway.BaseAddress };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string)pair["access_token"]!);
        return new Member(id, email, username, (string)pair["refresh_token"]!, client);
    }
}

/// <summary>Somebody who is signed in through the gateway.</summary>
public sealed record Member(Guid Id, string Email, string Username, string RefreshToken, HttpClient Client)
{
    /// <summary>The wallet, once it is there.</summary>
    public Task<JsonObject> WalletAsync(TimeSpan? timeout = null) => Eventually.GetAsync(
        async () =>
        {
            using var response = await Client.GetAsync("/api/wallet");
            return response.StatusCode == HttpStatusCode.NotFound ? null : await response.ReadObjectAsync();
        },
        timeout ?? TimeSpan.FromSeconds(2));

    public async Task<HttpResponseMessage> PostAsync(string path, object body, Guid? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", (idempotencyKey ?? Guid.CreateVersion7()).ToString());
        return await Client.SendAsync(request);
    }
}
