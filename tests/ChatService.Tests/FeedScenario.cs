using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

/// <summary>Events of one job that come a minute apart, and the entries that they become.</summary>
internal sealed class FeedScenario(TwoInstances chat)
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    private int _minute;

    public Guid Job { get; } = Guid.CreateVersion7();

    public async Task TellAsync(
        TestUser recipient, Guid? actorId, string kind = "job_like", bool withdrawn = false, DateTimeOffset? at = null, Guid? eventId = null, JsonObject? parameters = null)
    {
        var told = EventDocuments.Example("person-notified.v1");
        told["eventId"] = eventId ?? Guid.CreateVersion7();
        told["recipientId"] = recipient.Id;
        told["kind"] = kind;
        told["actorId"] = actorId;
        told["subject"] = new JsonObject { ["type"] = "job", ["job_id"] = Job.ToString() };
        told["params"] = parameters ?? new JsonObject { ["title"] = "Engineer" };
        told["occurredAt"] = at ?? NextMinute();
        told["withdrawn"] = withdrawn;
        await chat.Environment.Broker.PublishAsync("person-notified.v1", told);
    }

    public DateTimeOffset NextMinute() => Noon.AddMinutes(_minute++);

    public static Task<JsonObject> EntryAsync(HttpClient client, int count) => Eventually.GetAsync(async () =>
        (await client.ListAsync("/api/notifications")).FirstOrDefault(entry => (int)entry["count"]! == count));

    public static async Task ReadAsync(HttpClient client, long upTo)
    {
        using var answer = await client.PutAsJsonAsync("/api/notifications/read", new { up_to_seq = upTo });
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }
}
