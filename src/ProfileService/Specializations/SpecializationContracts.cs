using Explaino.ServiceDefaults.Validation;

namespace Explaino.ProfileService.Specializations;

public sealed record SpecializationRequest(
    [property: RequiredMember, Text(100, MinimumLength = 1)] string? Name,
    [property: Text(500, Multiline = true)] string? Description);

internal sealed record SpecializationResponse(Guid Id, string Name, string? Description, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static SpecializationResponse From(Specialization specialization) => new(
        specialization.Id, specialization.Name, specialization.Description, specialization.CreatedAt, specialization.UpdatedAt);
}

public sealed record AddSpecializationRequest([property: RequiredMember] Guid? SpecializationId);

/// <summary>A specialization of somebody's, and since when.</summary>
internal sealed record UserSpecializationResponse(
    Guid Id, string Name, string? Description, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset AddedAt);
