namespace Explaino.ServiceDefaults.Http;

/// <summary>Marks a route that takes <c>Idempotency-Key</c>.</summary>
public sealed record IdempotencyMetadata(bool Required)
{
    public const string Header = "Idempotency-Key";
    public const string ReplayedHeader = "Idempotency-Replayed";
}
