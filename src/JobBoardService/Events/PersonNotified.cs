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
    /// <summary>Somebody's post was liked or commented on.</summary>
    public static PersonNotified AboutJob(string kind, Guid jobId, string title, Guid authorId, Guid actorId, DateTimeOffset now, bool withdrawn = false) => new(
        Guid.CreateVersion7(now), authorId, kind, actorId, new() { ["type"] = "job", ["job_id"] = jobId.ToString() }, new() { ["title"] = title }, now, withdrawn);
}
