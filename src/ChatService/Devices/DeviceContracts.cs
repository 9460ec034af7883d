using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Linq.Expressions;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Explaino.ServiceDefaults.Validation;

namespace Explaino.ChatService.Devices;

/// <summary>A device, without its token (docs/contract.md#6-chat).</summary>
internal sealed record DeviceResponse(
    [property: Description("The installation's own id.")] Guid DeviceId,
    DevicePlatform Platform,
    PushProvider Provider,
    string? Locale,
    MessagePreview Preview,
    bool Sandbox,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public static readonly Expression<Func<Device, DeviceResponse>> Projection = device => new(
        device.Id, device.Platform, device.Provider, device.Locale, device.Preview, device.Sandbox, device.CreatedAt, device.UpdatedAt);
}

/// <summary>How this installation is woken.</summary>
public sealed partial record DeviceRequest(
    [property: RequiredMember] DevicePlatform? Platform,
    [property: RequiredMember] PushProvider? Provider,
    [property: RequiredMember, Text(DeviceRequest.MaximumToken, MinimumLength = 1)]
    [property: Description("What the provider gave: of apns hexadecimal digits, of webpush the subscription as JSON text.")] string? Token,
    [property: RegularExpression(@"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", ErrorMessage = "Must be a language tag, as de or pt-BR."), Text(35)] string? Locale,
    MessagePreview? Preview,
    [property: Description("The provider's environment for apps that are not released; false if absent.")] bool? Sandbox) : IValidatableObject
{
    public const int MaximumToken = 4096;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Token is { Length: > 0 and <= MaximumToken } token && !IsToken(token)
        ? [new(new Violation("wrong_form", Provider == PushProvider.Webpush
            ? "Must be a subscription of a push service on the web, as JSON: endpoint, keys.p256dh, keys.auth."
            : "Must be a token of this provider."), [nameof(Token)])]
        : [];

    /// <summary>By what the provider tells installations apart: of a subscription its address is enough.</summary>
    internal byte[] TokenHash => SHA256.HashData(Encoding.UTF8.GetBytes(
        $"{Provider} {(Provider == PushProvider.Webpush && WebPushSubscription.TryParse(Token!, out var subscription) ? subscription.Endpoint.AbsoluteUri : Token)}"));

    // It becomes a part of an address, or of a header.
    private bool IsToken(string token) => Provider switch
    {
        PushProvider.Apns => Hexadecimal().IsMatch(token),
        PushProvider.Webpush => WebPushSubscription.TryParse(token, out _),
        _ => Visible().IsMatch(token),
    };

    [GeneratedRegex(@"^[0-9A-Fa-f]{16,400}\z")]
    private static partial Regex Hexadecimal();

    [GeneratedRegex(@"^[!-~]+\z")]
    private static partial Regex Visible();
}

/// <summary>Where a page of devices ended.</summary>
internal sealed record DevicePosition(Guid Id);
