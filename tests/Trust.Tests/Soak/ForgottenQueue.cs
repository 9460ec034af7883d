using Explaino.Testing;
using RabbitMQ.Client;

namespace Explaino.Trust.Tests.Soak;

/// <summary>A queue that is given events and that nobody consumes: the seeded leak.</summary>
internal sealed class ForgottenQueue(VirtualHost broker)
{
    private const string Name = "seeded-service.forgotten";

    public static async Task<ForgottenQueue> BindAsync(VirtualHost broker, string eventName)
    {
        var queue = new ForgottenQueue(broker);
        await queue.DoAsync(async channel =>
        {
            await channel.QueueDeclareAsync(Name, durable: true, exclusive: false, autoDelete: false);
            await channel.QueueBindAsync(Name, $"explaino.{eventName}", "");
        });
        return queue;
    }

    public Task DeleteAsync() => DoAsync(channel => channel.QueueDeleteAsync(Name));

    private async Task DoAsync(Func<IChannel, Task> act)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(broker.ConnectionString) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await act(channel);
    }
}
