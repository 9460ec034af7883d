using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

/// <summary>Devices, and what was put into the pickup folder for them.</summary>
internal static class PickedUp
{
    /// <summary>Told by another service, and in the list by now; or out of it.</summary>
    public static async Task TellAsync(this TwoInstances chat, TestUser recipient, TestUser actor, string kind, bool withdrawn = false)
    {
        var told = EventDocuments.Example("person-notified.v1");
        told["eventId"] = Guid.CreateVersion7();
        told["recipientId"] = recipient.Id;
        told["kind"] = kind;
        told["actorId"] = actor.Id;
        told["withdrawn"] = withdrawn;
        told["occurredAt"] = TimeProvider.System.GetUtcNow();
        await chat.Environment.Broker.PublishAsync("person-notified.v1", told);
        using var client = chat.One.As(recipient);
        await Eventually.TrueAsync(async () => (await client.ListAsync("/api/notifications")).Any(entry => (string?)entry["kind"] == kind) != withdrawn);
    }

    public static async Task<Guid> RegisterAsync(this TwoInstances chat, TestUser person, string preview = "sender")
    {
        var id = Guid.CreateVersion7();
        using var client = chat.One.As(person);
        using var answer = await client.PutAsJsonAsync($"/api/devices/{id}", new { platform = "android", provider = "fcm", token = $"token-of-{id}", preview });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return id;
    }

    public static List<string> Files(Guid device) => [.. Directory.EnumerateFiles(TwoInstances.PushFolder, $"{device}.*.json")];

    public static Task<JsonObject> PushAsync(Guid device, Guid subject, Func<JsonObject, bool> fits, TimeSpan? timeout = null) => Eventually.GetAsync(
        async () =>
        {
            var file = Path.Combine(TwoInstances.PushFolder, $"{device}.{subject}.json");
            return File.Exists(file) && JsonNode.Parse(await File.ReadAllTextAsync(file))!["payload"]!.AsObject() is { } payload && fits(payload) ? payload : null;
        },
        timeout);
}
