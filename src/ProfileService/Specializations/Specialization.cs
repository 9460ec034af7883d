namespace Explaino.ProfileService.Specializations;

/// <summary>A field that people can name as theirs; admins keep the list.</summary>
internal sealed class Specialization
{
    public required Guid Id { get; init; }

    public required string Name { get; set; }

    public string? Description { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }
}

/// <summary>One person's choice of a specialization.</summary>
internal sealed class UserSpecialization
{
    public required Guid Id { get; init; }

    public required Guid UserId { get; init; }

    public required Guid SpecializationId { get; init; }

    public required DateTimeOffset AddedAt { get; init; }
}
