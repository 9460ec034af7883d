using System.Text.Json;
using System.Text.Json.Serialization;
using Explaino.ChatService.Devices;
using Explaino.ServiceDefaults.Json;
using Explaino.ServiceDefaults.Validation;

namespace Explaino.ChatService.Push;

/// <summary>What a device is told (docs/contract.md#6-chat): at most 2 KiB, and nothing of what was said unless its owner wants that.</summary>
internal sealed record PushPayload(
    string Kind,
    Guid? Id,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? ChatId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? GroupId,
    long? Seq,
    long Badge,
    string? LocKey,
    IReadOnlyList<string> LocArgs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Text)
{
    public const string BadgeKind = "badge";
    private const int MostBytes = 2_048;
    private static readonly JsonSerializerOptions Wire = JsonConventions.Apply(new());

    [JsonPropertyOrder(-1)]
    public int V { get; } = 1;

    /// <summary>As JSON; what does not fit is cut off the text.</summary>
    public byte[] ToBytes()
    {
        for (var payload = this; ; payload = payload with { Text = payload.Text!.Shortened(payload.Text!.Length * 3 / 4) })
        {
            var bytes = JsonSerializer.SerializeToUtf8Bytes(payload, Wire);
            if (bytes.Length <= MostBytes || payload.Text is null or "")
            {
                return bytes;
            }
        }
    }
}

/// <summary>A payload on its way to a device.</summary>
/// <param name="Push">Which standing push it is.</param>
/// <param name="Provider">Who brings it.</param>
/// <param name="Token">What the provider knows the device by.</param>
/// <param name="Sandbox">In which environment.</param>
/// <param name="Payload">What it is told.</param>
internal sealed record PushDelivery(LeasedPush Push, PushProvider Provider, string Token, bool Sandbox, PushPayload Payload)
{
    // By itself a record would show the token to whoever logs it.
    public override string ToString() => $"{Payload.Kind} for {Push.DeviceId}";
}

/// <summary>A standing push that this instance may send, until its lease ends.</summary>
internal sealed record LeasedPush(Guid DeviceId, string Subject, Guid SubjectId, long Seq, long Version, int Attempts, DateTimeOffset LeaseEndsAt);

/// <summary>What became of a delivery.</summary>
internal enum PushOutcome
{
    Delivered,

    /// <summary>The token is refused for good: the device goes.</summary>
    TokenGone,

    /// <summary>This one is refused for good.</summary>
    Refused,
}

/// <summary>The provider does not take anything now: to be tried again.</summary>
internal sealed class ProviderAwayException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>When the provider wants to be asked again.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>A way to devices.</summary>
internal interface IPushTransport
{
    /// <exception cref="ProviderAwayException">It is to be tried again.</exception>
    Task<PushOutcome> SendAsync(PushDelivery delivery, CancellationToken cancellationToken);
}
