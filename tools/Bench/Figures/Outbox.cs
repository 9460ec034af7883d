using System.Diagnostics;
using RabbitMQ.Client;

namespace Explaino.Bench.Figures;

/// <summary>How fast committed events get out, beside how fast RabbitMQ confirms the same number of the same messages.</summary>
internal static class Outbox
{
    private const string Event =
        """{"sessionId":"01900000-0000-7000-8001-100000000001","userId":"01900000-0000-7000-8000-100000000001","expiresAt":"2026-01-01T00:00:00Z"}""";

    public static async Task<Figure> MeasureAsync(BenchSystem system, Data data, int count)
    {
        var limit = await PublishAsync(system, count);
        await RelayAsync(data, count);
        var rate = await RelayAsync(data, count);
        return new("outbox relay, events/s", $"{rate:N0} (RabbitMQ itself with confirms: {limit:N0})", "≥ 5,000", rate >= 5_000);
    }

    /// <returns>Events a second, from the first that was marked sent to the last.</returns>
    private static async Task<double> RelayAsync(Data data, int count)
    {
        await data.ExecuteAsync(
            "identity",
            $"""
            INSERT INTO outbox_messages (id, name, payload, user_id, created_at, attempts)
            SELECT gen_random_uuid(), 'session-revoked.v1', '{Event}', gen_random_uuid(), now(), 0 FROM generate_series(1, {count})
            """);
        while (await data.ReadAsync<long>("identity", "SELECT count(*) FROM outbox_messages WHERE sent_at IS NULL AND name = 'session-revoked.v1'") > 0)
        {
            await Task.Delay(50);
        }

        return await data.ReadAsync<double>(
            "identity",
            $"""
            SELECT ({count} / greatest(0.001, extract(epoch FROM max(sent_at) - min(sent_at))))::float8 FROM (
                SELECT sent_at FROM outbox_messages WHERE name = 'session-revoked.v1' ORDER BY sent_at DESC LIMIT {count}) AS last
            """);
    }

    private static async Task<double> PublishAsync(BenchSystem system, int count)
    {
        var factory = new ConnectionFactory { Uri = new Uri($"amqp://explaino:explaino@127.0.0.1:{system.Port("rabbitmq")}/") };
        await using var connection = await factory.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        await channel.ExchangeDeclareAsync("bench", ExchangeType.Fanout, durable: true);
        var body = System.Text.Encoding.UTF8.GetBytes(Event);
        var from = Stopwatch.GetTimestamp();
        for (var sent = 0; sent < count; sent += 200)
        {
            await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => channel.BasicPublishAsync(
                "bench", "", mandatory: false, new BasicProperties { DeliveryMode = DeliveryModes.Persistent }, body).AsTask()));
        }

        return count / Stopwatch.GetElapsedTime(from).TotalSeconds;
    }
}
