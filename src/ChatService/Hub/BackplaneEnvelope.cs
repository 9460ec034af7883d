using System.Text.Json;
using System.Text.Json.Serialization;
using Explaino.ChatService.Notifications;
using Explaino.ServiceDefaults.Json;
using RabbitMQ.Client;

namespace Explaino.ChatService.Hub;

/// <summary>Backplane envelope: a notification as one instance sends it to the others.</summary>
/// <param name="UserIds">For whom; null for everybody.</param>
/// <param name="Notification">What; its name between instances is that of their first version.</param>
internal sealed record BackplaneEnvelope(IReadOnlyCollection<Guid>? UserIds, [property: JsonPropertyName("notice")] Notification Notification)
{
    private static readonly JsonSerializerOptions Wire = JsonConventions.Apply(new JsonSerializerOptions());

    public static BackplaneEnvelope Read(ReadOnlySpan<byte> body) => JsonSerializer.Deserialize<BackplaneEnvelope>(body, Wire)!;

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Wire);

    /// <summary>To whom the broker routes it.</summary>
    public (string RoutingKey, BasicProperties Properties) Address(string sender)
    {
        var properties = new BasicProperties { ContentType = "application/json", AppId = sender };
        if (UserIds is not { Count: > 0 } userIds)
        {
            return (BackplaneSubscriptions.Everybody, properties);
        }

        // The broker routes by these as by the routing key itself, and gives each queue one copy.
        properties.Headers = new Dictionary<string, object?> { ["BCC"] = userIds.Skip(1).Select(userId => (object)BackplaneSubscriptions.Key(userId)).ToList() };
        return (BackplaneSubscriptions.Key(userIds.First()), properties);
    }
}
