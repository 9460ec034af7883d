using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Explaino.Testing;

/// <summary>The contracts of docs/events: what one side publishes and the other consumes, without a line of shared code.</summary>
public static class EventDocuments
{
    /// <summary>The first example of docs/events/{name}.json; a copy, free to be changed.</summary>
    public static JsonObject Example(string name) => Document(name)["examples"]![0]!.DeepClone().AsObject();

    public static JsonObject Document(string name) =>
        JsonNode.Parse(File.ReadAllText(Repository.PathTo("docs", "events", $"{name}.json")))!.AsObject();

    /// <summary>
    /// Publishes the event as MassTransit of any other team would, and waits until a queue has taken it. The message id is the
    /// event's identity; the same one again is a redelivery.
    /// </summary>
    public static async Task PublishAsync(this VirtualHost broker, string name, JsonObject message, Guid? messageId = null)
    {
        var document = Document(name);
        var id = messageId ?? Guid.CreateVersion7();
        var envelope = new
        {
            messageId = id,
            conversationId = Guid.CreateVersion7(),
            messageType = new[] { (string?)document["x-message-urn"] },
            message,
            sentTime = TimeProvider.System.GetUtcNow(),
            headers = new { },
        };
        var delivery = new
        {
            properties = new { delivery_mode = 2, content_type = "application/vnd.masstransit+json", message_id = id },
            routing_key = "",
            payload = JsonSerializer.Serialize(envelope),
            payload_encoding = "string",
        };

        await Eventually.TrueAsync(async () =>
        {
            // Not routed, or no such exchange: the consumer's bus is still starting.
            using var response = await broker.Server.Management.PostAsJsonAsync(
                $"/api/exchanges/{broker.Name}/{(string?)document["x-exchange"]}/publish", delivery);
            return response.IsSuccessStatusCode && (bool?)(await response.ReadObjectAsync())["routed"] == true;
        });
    }

    /// <summary>That one user blocks another (<c>user-blocked.v1</c>), or no more (<c>user-unblocked.v1</c>).</summary>
    public static Task PublishBlockAsync(this VirtualHost broker, string name, Guid blocker, Guid blocked, long version)
    {
        var message = Example(name);
        message["userId"] = blocker;
        message["blockedUserId"] = blocked;
        message["version"] = version;
        return broker.PublishAsync(name, message);
    }
}
