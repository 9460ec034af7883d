using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;
using Explaino.Trust.Tests.Network;
using Npgsql;
using RabbitMQ.Client;

namespace Explaino.Trust.Tests.Events;

/// <summary>All four services that consume, as processes on one virtual host, with nobody else there: the test publishes, and reads their tables.</summary>
internal sealed class Consumers : IAsyncDisposable
{
    public static readonly Service[] Services = [Service.Wallet, Service.Profile, Service.Jobs, Service.Chat];

    private readonly Dictionary<Service, TestDatabase> _databases = [];
    private readonly Dictionary<Service, ServiceProcess> _processes = [];
    private readonly VirtualHost _broker;
    private readonly IConnection _connection;
    private readonly IChannel _channel;

    private readonly Queues _queues;

    private Consumers(VirtualHost broker, KeyIssuer issuer, IConnection connection, IChannel channel, Queues queues)
    {
        (_broker, _queues) = (broker, queues);
        Issuer = issuer;
        (_connection, _channel) = (connection, channel);
    }

    public KeyIssuer Issuer { get; }

    public ServiceProcess this[Service service] => _processes[service];

    public static async Task<Consumers> StartAsync(WiredSystem system)
    {
        var broker = await VirtualHost.CreateAsync(system.RabbitMq);
        var connection = await new ConnectionFactory { Uri = new Uri(broker.ConnectionString) }.CreateConnectionAsync();
        var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        var consumers = new Consumers(broker, await KeyIssuer.StartAsync(), connection, channel, await Queues.OpenAsync(broker));
        foreach (var service in Services)
        {
            var database = consumers._databases[service] = await TestDatabase.CreateAsync(service, system.Postgres);
            consumers._processes[service] = await ServiceProcess.StartAsync(service, new Dictionary<string, string?>
            {
                [service.ConnectionStringKey] = database.ConnectionString,
                ["ConnectionStrings:messaging"] = broker.ConnectionString,
                [Service.Identity.AddressKey] = consumers.Issuer.Address,
                ["Authentication:Issuer"] = consumers.Issuer.Address,
                ["Storage:Folder"] = Path.Combine(Path.GetTempPath(), $"explaino-trust-{broker.Name}"),
            });
        }

        // The first event of each kind waits for the queues; what follows finds them.
        await Eventually.TrueAsync(async () => (await consumers._queues.NamesAsync()).Count == 17, TimeSpan.FromSeconds(60));
        return consumers;
    }

    /// <summary>Publishes as any service would, confirmed by the broker; the same id again is a redelivery.</summary>
    public async Task PublishAsync(StoredEvent stored)
    {
        var document = EventDocuments.Document(stored.Name);
        var envelope = new
        {
            messageId = stored.MessageId,
            messageType = new[] { (string?)document["x-message-urn"] },
            message = stored.Message,
            headers = new { },
        };
        var properties = new BasicProperties { Persistent = true, ContentType = "application/vnd.masstransit+json", MessageId = stored.MessageId.ToString() };
        await _channel.BasicPublishAsync(
            (string)document["x-exchange"]!, "", mandatory: true, properties, Encoding.UTF8.GetBytes(JsonSerializer.Serialize(envelope)));
    }

    public async Task PublishAllAsync(IEnumerable<StoredEvent> events)
    {
        foreach (var batch in events.Chunk(100))
        {
            await Task.WhenAll(batch.Select(PublishAsync));
        }
    }

    /// <summary>Waits until the queues are empty, and ends the processes in peace, so that nothing is in their hands either.</summary>
    public async Task DrainAsync(TimeSpan limit)
    {
        await Eventually.TrueAsync(async () => await _queues.WaitingAsync() == 0, limit);
        await Task.WhenAll(_processes.Values.Select(process => process.StopAsync()));
        Assert.Equal(0u, await _queues.WaitingAsync());
        Assert.DoesNotContain(await _queues.NamesAsync(), queue => queue.EndsWith("_error", StringComparison.Ordinal));
    }

    public async Task<IReadOnlyList<string>> ReadAsync(Service service, string query)
    {
        await using var connection = new NpgsqlConnection(_databases[service].SuperuserConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"SELECT row_to_json(rows)::text FROM ({query}) AS rows ORDER BY 1", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }

    public async Task<long> CountAsync(Service service, string rows)
    {
        var counted = await ReadAsync(service, $"SELECT count(*) AS n FROM {rows}");
        return (long)JsonNode.Parse(counted[0])!["n"]!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes.Values)
        {
            await process.DisposeAsync();
        }

        await _queues.DisposeAsync();
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
        await Issuer.DisposeAsync();
        await _broker.DisposeAsync();
        foreach (var database in _databases.Values)
        {
            await database.DisposeAsync();
        }
    }
}

/// <summary>An event with its identity, which a redelivery keeps.</summary>
internal sealed record StoredEvent(string Name, JsonObject Message, Guid MessageId);
