using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;

namespace Explaino.Testing;

/// <summary>A real RabbitMQ: the one that all tests share, or a private one for tests that stop and start it.</summary>
public sealed class RabbitMqServer : IDisposable
{
    private static readonly Lazy<Task<RabbitMqServer>> SharedServer = new(StartSharedAsync);

    private readonly KeptServer? _server;
    private readonly (string Name, string Value)[] _variables = [];

    private RabbitMqServer(KeptServer server, params (string Name, string Value)[] variables)
        : this(new Uri($"amqp://explaino:explaino@127.0.0.1:{server.Port}"), new Uri($"http://127.0.0.1:{server.Port + 3}")) =>
        (_server, _variables) = (server, variables);

    private RabbitMqServer(Uri address, Uri management)
    {
        Address = address;
        Management = new HttpClient { BaseAddress = management };
        Management.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo))));
    }

    public Uri Address { get; }

    /// <summary>The management HTTP API, as an administrator.</summary>
    public HttpClient Management { get; }

    /// <summary>
    /// Shared with every test process of this repository; TEST_RABBITMQ (and TEST_RABBITMQ_MANAGEMENT, if it is not on port
    /// 15672 there) names another one instead.
    /// </summary>
    public static Task<RabbitMqServer> SharedAsync() => SharedServer.Value;

    public static async Task<RabbitMqServer> StartPrivateAsync() =>
        new(await KeptServer.HoldAsync("rabbitmq", $"rabbitmq-{Guid.CreateVersion7():n}"));

    /// <summary>One of a <see cref="RabbitMqCluster"/>.</summary>
    internal static async Task<RabbitMqServer> StartNodeAsync(int port, params (string Name, string Value)[] variables) =>
        new(await KeptServer.HoldAtAsync(port, "rabbitmq", $"rabbitmq-{Guid.CreateVersion7():n}", variables), variables);

    public Task StopAsync() => Private.StopAsync();

    public Task StartAsync() => Private.StartAsync(_variables);

    /// <summary>SIGKILL: no chance to save anything.</summary>
    public Task KillAsync() => Private.KillAsync("rabbitmq.pid");

    /// <summary>The machine is lost, and its disk with it.</summary>
    public Task LoseAsync() => Private.RemoveAsync();

    /// <summary>Its disk alarm, as if its disk had less room than must stay free: whoever publishes is not read from any more.</summary>
    public Task RaiseDiskAlarmAsync() => LimitDiskAsync("1000000GB");

    public Task EndDiskAlarmAsync() => LimitDiskAsync("50MB");

    /// <summary>Runs a program of RabbitMQ's, as an operator does on this node's machine.</summary>
    internal Task<string> RunAsync(string program, string node, params string[] arguments) => Command.RunAsync(
        $"/usr/lib/rabbitmq/bin/{program}",
        ["--node", node, .. arguments],
        new Dictionary<string, string?>
        {
            ["HOME"] = Path.Combine(Private.Folder, "server"),
            ["ERL_EPMD_PORT"] = (Private.Port + 2).ToString(CultureInfo.InvariantCulture),
        });

    public void Dispose()
    {
        Management.Dispose();
        _server?.Dispose();
    }

    internal async Task<VirtualHost> CreateVirtualHostAsync()
    {
        var name = $"test-{Guid.CreateVersion7():n}";
        await AddVirtualHostAsync(name);
        return new VirtualHost(this, name);
    }

    internal async Task AddVirtualHostAsync(string name)
    {
        var user = Uri.UnescapeDataString(Address.UserInfo.Split(':')[0]);
        await PutAsync($"/api/vhosts/{name}", new { });
        await PutAsync($"/api/permissions/{name}/{user}", new { configure = ".*", write = ".*", read = ".*" });
    }

    internal KeptServer Private => _server ?? throw new InvalidOperationException("Only a server of our own can be stopped.");

    private static async Task<RabbitMqServer> StartSharedAsync()
    {
        if (Environment.GetEnvironmentVariable("TEST_RABBITMQ") is not { Length: > 0 } existing)
        {
            return new RabbitMqServer(await KeptServer.HoldAsync("rabbitmq", "rabbitmq"));
        }

        var address = new Uri(existing);
        var management = Environment.GetEnvironmentVariable("TEST_RABBITMQ_MANAGEMENT") ?? $"http://{address.Host}:15672";
        return new RabbitMqServer(address, new Uri(management));
    }

    private Task<string> LimitDiskAsync(string free) => RunAsync("rabbitmqctl", "explaino@localhost", "set_disk_free_limit", free);

    private async Task PutAsync(string path, object body)
    {
        using var response = await Management.PutAsJsonAsync(path, body);
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{path}: {response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        }
    }
}
