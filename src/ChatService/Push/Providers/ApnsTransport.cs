using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;

namespace Explaino.ChatService.Push.Providers;

/// <summary>Apple Push Notification service: HTTP/2, one long-lived connection, an ES256 provider token.</summary>
internal sealed class ApnsTransport(ProviderHttp http, ApnsToken token, IOptions<PushSettings> settings, TimeProvider clock) : IPushTransport
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private readonly ApnsSettings _apns = settings.Value.Apns;

    public async Task<PushOutcome> SendAsync(PushDelivery delivery, CancellationToken cancellationToken)
    {
        var silent = delivery.Payload.LocKey is null;
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(delivery.Sandbox ? _apns.SandboxAddress : _apns.Address, $"/3/device/{delivery.Token}"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(BodyOf(delivery.Payload))) { Headers = { ContentType = new("application/json") } },
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("bearer", token.Get());
        request.Headers.Add("apns-topic", _apns.Topic);
        request.Headers.Add("apns-push-type", "alert");
        request.Headers.Add("apns-priority", silent ? "5" : "10");
        request.Headers.Add("apns-expiration", $"{(clock.GetUtcNow() + Kept).ToUnixTimeSeconds()}");
        request.Headers.Add("apns-collapse-id", $"{delivery.Push.SubjectId:n}");

        using var response = await http.Trusted.SendAsync(request, cancellationToken);
        return response.StatusCode == HttpStatusCode.OK ? PushOutcome.Delivered : await RefusalAsync(response, cancellationToken);
    }

    private async Task<PushOutcome> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var reason = await ReasonAsync(response, cancellationToken);
        if (response.StatusCode == HttpStatusCode.Gone || reason is "BadDeviceToken" or "DeviceTokenNotForTopic" or "Unregistered")
        {
            return PushOutcome.TokenGone;
        }

        if (response.StatusCode == HttpStatusCode.Forbidden)
        {
            token.Discard();
        }

        // What is wrong with the provider token or the topic is ours to mend, and not the device's fault.
        return response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge
            ? PushOutcome.Refused
            : throw ProviderHttp.Away(response, reason);
    }

    private static async Task<string?> ReasonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return (string?)(await response.Content.ReadFromJsonAsync<JsonObject>(cancellationToken))?["reason"];
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonObject BodyOf(PushPayload payload)
    {
        var aps = new JsonObject { ["badge"] = payload.Badge };
        if (payload.LocKey is { } key)
        {
            aps["alert"] = new JsonObject { ["loc-key"] = key, ["loc-args"] = new JsonArray([.. payload.LocArgs.Select(argument => (JsonNode)argument)]) };
            aps["thread-id"] = $"{payload.ChatId ?? payload.GroupId ?? payload.Id}";
            aps["mutable-content"] = 1;
            aps["sound"] = "default";
        }

        return new() { ["aps"] = aps, ["explaino"] = JsonNode.Parse(payload.ToBytes()) };
    }
}
