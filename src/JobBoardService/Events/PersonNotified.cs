using Explaino.ServiceData.Outbox;
using MassTransit;

namespace Explaino.JobBoardService.Events;

/// <summary>Somebody is to be told of something; see docs/events/person-notified.v1.json.</summary>
[MessageUrn("explaino:person-notified:v1", useDefaultPrefix: false)]
[EntityName("explaino.person-notified.v1")]
public sealed record PersonNotified(
    Guid EventId,
    Guid RecipientId,
    string Kind,
    Guid? ActorId,
    Dictionary<string, string> Subject,
    Dictionary<string, string>? Params,
    DateTimeOffset OccurredAt,
    bool Withdrawn = false)
{
    /// <summary>
    /// The outbox's row of what is told to the author of a post that was liked or commented on. Who that is, and what the post is called, only the statement knows
    /// that does it: it puts <c>recipientId</c> and <c>params</c> into the payload, and the author into <c>user_id</c>.
    /// </summary>
    public static OutboxMessage ToAuthor(string kind, Guid jobId, Guid actorId, DateTimeOffset now, bool withdrawn = false) => OutboxMessage.Of(
        new PersonNotified(Guid.CreateVersion7(now), Guid.Empty, kind, actorId, new() { ["type"] = "job", ["job_id"] = jobId.ToString() }, Params: null, now, withdrawn),
        Guid.Empty,
        now);
}
