using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Explaino.Trust.Tests.Brokers;

/// <summary>A queue beside the services' own, which is given the same events, of a type of the test's choice: nobody consumes it.</summary>
internal sealed class ShadowQueue
{
    private readonly ConnectionFactory _broker;
    private readonly string _name;

    private ShadowQueue(ConnectionFactory broker, string name) => (_broker, _name) = (broker, name);

    /// <param name="home">The node that has it, or the leader of its replicas.</param>
    public static async Task<ShadowQueue> BindAsync(BrokerSystem system, string eventName, string type, RabbitMqNode home)
    {
        var name = $"shadow.{type}.{Guid.CreateVersion7():n}";
        var (management, host) = (system.Broker.Server.Management, system.Broker.Name);
        using var made = await management.PutAsJsonAsync(
            $"/api/queues/{host}/{name}",
            new { durable = true, node = home.ErlangName, arguments = new Dictionary<string, string> { ["x-queue-type"] = type } });
        made.EnsureSuccessStatusCode();
        using var bound = await management.PostAsJsonAsync($"/api/bindings/{host}/e/explaino.{eventName}/q/{name}", new { routing_key = "" });
        bound.EnsureSuccessStatusCode();
        return new(new ConnectionFactory { Uri = new Uri(system.Broker.ConnectionString), AutomaticRecoveryEnabled = false }, name);
    }

    /// <summary>Whom its events are about, as soon as it has a leader again; nobody, if the queue is gone with its node.</summary>
    public Task<IReadOnlyList<Guid>> ReadAsync() => Eventually.GetAsync(TryReadAsync);

    public async Task DeleteAsync()
    {
        await using var connection = await _broker.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeleteAsync(_name);
    }

    /// <summary>Not acknowledged, so that they are there for the next attempt.</summary>
    private async Task<IReadOnlyList<Guid>?> TryReadAsync()
    {
        await using var connection = await _broker.CreateConnectionAsync();
        try
        {
            await using var channel = await connection.CreateChannelAsync();
            var found = new List<Guid>();
            while (await channel.BasicGetAsync(_name, autoAck: false) is { } message)
            {
                found.Add((Guid)JsonNode.Parse(message.Body.Span)!["message"]!["userId"]!);
            }

            return found;
        }
        catch (OperationInterruptedException e)
        {
            return e.ShutdownReason?.ReplyCode == Constants.NotFound ? [] : null;
        }
    }
}
