using System.Collections.Concurrent;
using System.Text;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Explaino.ServiceData.Messaging;

/// <summary>The durable queues of this service, as its endpoints are configured.</summary>
internal sealed class ServiceQueues
{
    private readonly ConcurrentDictionary<string, byte> _names = new();

    public IEnumerable<string> Names => _names.Keys.Order(StringComparer.Ordinal);

    public void Add(string name) => _names.TryAdd(name, 0);
}

/// <summary>The verb <c>errors</c>: look at what ended in the error queues of this service, and put it back once the cause is gone.</summary>
internal static class ErrorQueues
{
    private const string Usage = "usage: errors list|replay [queue]";

    public static async Task<int> RunAsync(IServiceProvider services, string[] arguments, CancellationToken cancellationToken)
    {
        // Configures the endpoints, which is when their names become known; nothing is started.
        services.GetRequiredService<IBusControl>();
        var queues = services.GetRequiredService<ServiceQueues>().Names.ToList();

        if (arguments is not (["list" or "replay"] or ["list" or "replay", _]) || (arguments is [_, var named] && !queues.Contains(named)))
        {
            await Console.Error.WriteLineAsync($"{Usage}\nThe queues are: {string.Join(", ", queues)}");
            return 2;
        }

        var factory = services.GetRequiredService<BrokerAddress>().NewFactory("errors");
        await using var connection = await factory.CreateConnectionAsync(cancellationToken);
        foreach (var queue in arguments is [_, var only] ? [only] : queues)
        {
            // Looking moves too, to the end of the same queue: giving messages back unread counts as failed deliveries, of which a queue has a limit.
            var errorQueue = $"{queue}_error";
            var (count, verb) = arguments[0] == "replay"
                ? (await MoveAsync(connection, errorQueue, queue, WithoutFault, cancellationToken), "replayed")
                : (await MoveAsync(connection, errorQueue, errorQueue, AsItIs, cancellationToken), "failed");
            Console.WriteLine($"{queue}: {count} {verb}");
        }

        return 0;
    }

    /// <summary>Moves what is there now. Each message is confirmed where it goes before it leaves where it was: at worst it is twice somewhere.</summary>
    private static async Task<uint> MoveAsync(
        IConnection connection, string from, string to, Func<IReadOnlyBasicProperties, BasicProperties> change, CancellationToken cancellationToken)
    {
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);
        if (await CountAsync(channel, from, cancellationToken) is not { } present)
        {
            return 0;
        }

        uint moved = 0;
        while (moved < present && await channel.BasicGetAsync(from, autoAck: false, cancellationToken) is { } message)
        {
            Console.WriteLine($"  {Describe(message.BasicProperties)}");
            await channel.BasicPublishAsync("", to, mandatory: true, change(message.BasicProperties), message.Body, cancellationToken);
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false, cancellationToken);
            moved++;
        }

        return moved;
    }

    /// <returns>Null if there is no such queue: an error queue is made by the first failure.</returns>
    private static async Task<uint?> CountAsync(IChannel channel, string queue, CancellationToken cancellationToken)
    {
        try
        {
            return (await channel.QueueDeclarePassiveAsync(queue, cancellationToken)).MessageCount;
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return null;
        }
    }

    private static string Describe(IReadOnlyBasicProperties message) =>
        $"{message.MessageId} {Header(message, MessageHeaders.FaultTimestamp)} {Header(message, MessageHeaders.FaultExceptionType)}: {Header(message, MessageHeaders.FaultMessage)}";

    private static string Header(IReadOnlyBasicProperties message, string name) =>
        message.Headers?.TryGetValue(name, out var value) == true && value is byte[] text ? Encoding.UTF8.GetString(text) : "-";

    private static BasicProperties AsItIs(IReadOnlyBasicProperties message) => new(message);

    private static BasicProperties WithoutFault(IReadOnlyBasicProperties message)
    {
        var properties = new BasicProperties(message);
        properties.Headers = message.Headers?
            .Where(header => !header.Key.StartsWith("MT-Fault-", StringComparison.Ordinal) && header.Key != MessageHeaders.Reason)
            .ToDictionary();
        return properties;
    }
}
