using System.Text.Json.Serialization;

namespace Explaino.ServiceData.People;

/// <summary>Somebody as others see them beside what they wrote (docs/contract.md#5-job-board, "author"); of a deleted person only the id is left (docs/contract.md#7-events).</summary>
public sealed record PersonResponse(
    Guid Id,
    string? Username,
    string? FirstName,
    string? LastName,
    string? ProfileImage,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Deleted = false);
