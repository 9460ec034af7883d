using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Explaino.Testing;

/// <summary>A queue of the test's own on an event's exchange: what another team's service would be given.</summary>
public sealed class PublishedEvents
{
    private readonly VirtualHost _broker;
    private readonly string _queue;
    private readonly List<JsonObject> _envelopes = [];

    private PublishedEvents(VirtualHost broker, string queue) => (_broker, _queue) = (broker, queue);

    /// <param name="broker">Where the service publishes.</param>
    /// <param name="name">The event's document, <c>user-created.v1</c>.</param>
    public static async Task<PublishedEvents> ListenAsync(VirtualHost broker, string name)
    {
        var queue = $"test-{Guid.CreateVersion7():n}";
        await PutAsync(broker, $"/api/exchanges/{broker.Name}/explaino.{name}", new { type = "fanout", durable = true });
        await PutAsync(broker, $"/api/queues/{broker.Name}/{queue}", new { durable = true });
        using var bound = await broker.Server.Management.PostAsJsonAsync(
            $"/api/bindings/{broker.Name}/e/explaino.{name}/q/{queue}", new { routing_key = "" });
        bound.EnsureSuccessStatusCode();
        return new(broker, queue);
    }

    /// <summary>Waits for the envelopes of this many events about a user.</summary>
    public async Task<IReadOnlyList<JsonObject>> AboutAsync(Guid userId, int count = 1, TimeSpan? timeout = null)
    {
        await Eventually.TrueAsync(async () =>
        {
            await DrainAsync();
            return About(userId).Count >= count;
        }, timeout);
        return About(userId);
    }

    /// <summary>Waits for a message that fits, and gives all that do.</summary>
    public async Task<IReadOnlyList<JsonObject>> AllAsync(Func<JsonObject, bool> fits)
    {
        List<JsonObject> Found() => [.. _envelopes.Select(envelope => envelope["message"]!.AsObject()).Where(fits)];
        await Eventually.TrueAsync(async () =>
        {
            await DrainAsync();
            return Found().Count > 0;
        });
        return Found();
    }

    private List<JsonObject> About(Guid userId) => _envelopes.FindAll(envelope => (Guid?)(envelope["message"]!["userId"] ?? envelope["message"]!["recipientId"]) == userId);

    private async Task DrainAsync()
    {
        using var response = await _broker.Server.Management.PostAsJsonAsync(
            $"/api/queues/{_broker.Name}/{_queue}/get", new { count = 1000, ackmode = "ack_requeue_false", encoding = "auto" });
        response.EnsureSuccessStatusCode();
        var messages = JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsArray();
        _envelopes.AddRange(messages.Select(message => JsonNode.Parse((string)message!["payload"]!)!.AsObject()));
    }

    private static async Task PutAsync(VirtualHost broker, string path, object body)
    {
        using var response = await broker.Server.Management.PutAsJsonAsync(path, body);
        response.EnsureSuccessStatusCode();
    }
}
