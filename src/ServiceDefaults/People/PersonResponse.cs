using System.Text.Json.Serialization;

namespace Explaino.ServiceDefaults.People;

/// <summary>Somebody as others see them beside what they wrote (contract section 5, "author"); of a deleted person only the id is left (section 7).</summary>
public sealed record PersonResponse(
    Guid Id,
    string? Username,
    string? FirstName,
    string? LastName,
    string? ProfileImage,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Deleted = false);
