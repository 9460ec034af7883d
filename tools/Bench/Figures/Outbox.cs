using System.Diagnostics;
using Explaino.Bench.Load;
using Explaino.Testing;
using RabbitMQ.Client;

namespace Explaino.Bench.Figures;

/// <summary>How fast committed events get out: the relay beside RabbitMQ itself, and how long an event waits while users change themselves.</summary>
internal static class Outbox
{
    // Of nobody who asks later: all services hold the session as revoked for as long as a token lives.
    private const string Event =
        """{"sessionId":"01900000-0000-7000-9001-000000000001","userId":"01900000-0000-7000-9000-000000000001","expiresAt":"2026-01-01T00:00:00Z"}""";

    private static readonly string[] Consumers = [.. Service.WithDatabase.Where(service => service != Service.Identity).Select(service => service.Name)];

    public static async IAsyncEnumerable<Figure> MeasureAsync(BenchSystem system, Data data, Users users, Options options)
    {
        var count = options.IsQuick ? 5_000 : 50_000;
        await RelayAsync(data, count);
        await system.QuietAsync();
        var limit = await PublishAsync(system, count);
        var together = await RelayAsync(data, count);

        // Each event is delivered to every service; on cores of its own the relay has nothing of that.
        await system.QuietAsync();
        system.Signal("STOP", Consumers);
        var alone = await RelayAsync(data, count);
        system.Signal("CONT", Consumers);
        await system.QuietAsync();
        yield return new("outbox relay, events/s", $"{alone:N0}; while all services consume them: {together:N0} (RabbitMQ itself, five copies, with confirms: {limit:N0})", "≥ 5,000", alone >= 5_000);
        yield return await WaitAsync(system, data, users, options.Duration * 2);
    }

    /// <returns>Events a second, from the first that was marked sent to the last.</returns>
    private static async Task<double> RelayAsync(Data data, int count)
    {
        await data.ExecuteAsync(
            "identity",
            $"""
            INSERT INTO outbox_messages (id, name, payload, user_id, created_at, attempts)
            SELECT (lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(n), 19, '0'))::uuid,
                'session-revoked.v1', '{Event}', gen_random_uuid(), now(), 0
            FROM generate_series(1, {count}) AS n
            """);
        while (await data.ReadAsync<bool>("identity", "SELECT EXISTS (SELECT 1 FROM outbox_messages WHERE sent_at IS NULL AND set_aside_at IS NULL)"))
        {
            await Task.Delay(100);
        }

        return await data.ReadAsync<double>(
            "identity",
            $"""
            SELECT ({count} / greatest(0.001, extract(epoch FROM max(sent_at) - min(sent_at))))::float8 FROM (
                SELECT sent_at FROM outbox_messages WHERE name = 'session-revoked.v1' ORDER BY sent_at DESC LIMIT {count}) AS last
            """);
    }

    /// <summary>Eight users change themselves as fast as they are answered; each change is an event.</summary>
    private static async Task<Figure> WaitAsync(BenchSystem system, Data data, Users users, TimeSpan duration)
    {
        byte[] Change(int index) =>
            Request.Send("PATCH", "/api/users/me", users.TokenOf(index + 1), $$"""{"bio":"{{Random.Shared.Next()}}"}""");

        ClosedLoop.Run(system.Port("gateway"), duration, Change);
        var from = TimeProvider.System.GetUtcNow();
        var changes = ClosedLoop.Run(system.Port("gateway"), duration, Change);
        await system.QuietAsync();
        async Task<double> MillisecondsAsync(double share) => await data.ReadAsync<double>(
            "identity",
            string.Create(null, $"""
            SELECT (percentile_cont({share}) WITHIN GROUP (ORDER BY extract(epoch FROM sent_at - created_at)) * 1000)::float8
            FROM outbox_messages WHERE name = 'user-updated.v1' AND created_at > '{from.UtcDateTime:O}'
            """));
        var (p50, p99) = (await MillisecondsAsync(0.5), await MillisecondsAsync(0.99));
        return new($"an event's way out of the outbox, at {changes.PerSecond:N0} changes/s", $"p50 {p50:F0} ms, p99 {p99:F0} ms", "p99 < 60 ms", p99 < 60);
    }

    private static async Task<double> PublishAsync(BenchSystem system, int count)
    {
        var factory = new ConnectionFactory { Uri = new Uri($"amqp://explaino:explaino@127.0.0.1:{system.Port("rabbitmq")}/") };
        await using var connection = await factory.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        await channel.ExchangeDeclareAsync("bench", ExchangeType.Fanout, durable: true);

        // As many copies as of the event, to nobody who would take them.
        foreach (var _ in Enumerable.Range(0, 5))
        {
            var queue = await channel.QueueDeclareAsync();
            await channel.QueueBindAsync(queue.QueueName, "bench", "");
        }

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
