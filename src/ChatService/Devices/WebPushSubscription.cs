using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.WebUtilities;

namespace Explaino.ChatService.Devices;

/// <summary>Web Push subscription, as a browser gives it in JSON: where its push service is, and the keys that only the browser can read with (RFC 8291).</summary>
internal sealed record WebPushSubscription(Uri Endpoint, byte[] PublicKey, byte[] AuthenticationSecret)
{
    private const int PublicKeyLength = 65;
    private const byte Uncompressed = 4;
    private const int SecretLength = 16;

    /// <summary>The address must be one of the open web: whether the host is, is looked up when something is sent.</summary>
    public static bool TryParse(string token, [NotNullWhen(true)] out WebPushSubscription? subscription)
    {
        subscription = null;
        try
        {
            if (JsonSerializer.Deserialize<Wire>(token, JsonSerializerOptions.Web) is { Endpoint: { } endpoint, Keys: { P256dh: { } publicKey, Auth: { } secret } }
                && Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.UserInfo.Length == 0 && uri.HostNameType == UriHostNameType.Dns)
            {
                subscription = new(uri, WebEncoders.Base64UrlDecode(publicKey), WebEncoders.Base64UrlDecode(secret));
            }
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return false;
        }

        return subscription is { PublicKey: { Length: PublicKeyLength } key, AuthenticationSecret.Length: SecretLength } && key[0] == Uncompressed;
    }

    private sealed record Wire(string? Endpoint, WireKeys? Keys);

    private sealed record WireKeys([property: JsonPropertyName("p256dh")] string? P256dh, string? Auth);
}
