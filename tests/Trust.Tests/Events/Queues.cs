using System.Text.Json.Nodes;
using Explaino.Testing;
using RabbitMQ.Client;

namespace Explaino.Trust.Tests.Events;

/// <summary>What waits in the services' queues, as the broker has it now: its management API counts as of some seconds ago.</summary>
internal sealed class Queues : IAsyncDisposable
{
    private readonly VirtualHost _broker;
    private readonly IConnection _connection;
    private readonly IChannel _channel;

    private Queues(VirtualHost broker, IConnection connection, IChannel channel) => (_broker, _connection, _channel) = (broker, connection, channel);

    public static async Task<Queues> OpenAsync(VirtualHost broker)
    {
        var connection = await new ConnectionFactory { Uri = new Uri(broker.ConnectionString) }.CreateConnectionAsync();
        return new(broker, connection, await connection.CreateChannelAsync());
    }

    /// <summary>The durable ones; an instance's own come and go with it.</summary>
    public async Task<IReadOnlyList<string>> NamesAsync()
    {
        using var response = await _broker.Server.Management.GetAsync($"/api/queues/{_broker.Name}?columns=name&disable_stats=true&enable_queue_totals=false");
        var queues = JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsArray();
        return [.. queues.Select(queue => (string)queue!["name"]!).Where(name => name.Contains("-service.", StringComparison.Ordinal))];
    }

    public async Task<uint> WaitingAsync()
    {
        uint waiting = 0;
        foreach (var queue in await NamesAsync())
        {
            waiting += (await _channel.QueueDeclarePassiveAsync(queue)).MessageCount;
        }

        return waiting;
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
