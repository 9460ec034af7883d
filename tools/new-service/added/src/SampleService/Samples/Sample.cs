namespace Explaino.SampleService.Samples;

/// <summary>The sample of a user. What is left of a deleted user's is an empty row, so that no late event brings it back.</summary>
public sealed class Sample
{
    public required Guid UserId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? DeletedAt { get; init; }
}
