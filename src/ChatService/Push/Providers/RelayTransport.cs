using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Explaino.ServiceData.Postgres;
using Microsoft.Extensions.Options;

namespace Explaino.ChatService.Push.Providers;

/// <summary>Relay: a signed POST to one address, of somebody who knows the providers. 410: the token is refused for good.</summary>
internal sealed class RelayTransport(ProviderHttp http, IOptions<PushSettings> settings, TimeProvider clock) : IPushTransport
{
    public const string SignatureHeader = "Explaino-Signature";

    public async Task<PushOutcome> SendAsync(PushDelivery delivery, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["device_id"] = delivery.Push.DeviceId,
            ["provider"] = WordConversion.WordOf(delivery.Provider),
            ["token"] = delivery.Token,
            ["sandbox"] = delivery.Sandbox,
            ["collapse_id"] = $"{delivery.Push.SubjectId:n}",
            ["payload"] = JsonNode.Parse(delivery.Payload.ToBytes()),
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, settings.Value.Relay.Address)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } },
        };
        request.Headers.Add(SignatureHeader, Sign(body));
        using var response = await http.Trusted.SendAsync(request, cancellationToken);
        return response.StatusCode switch
        {
            HttpStatusCode.OK or HttpStatusCode.Accepted or HttpStatusCode.NoContent => PushOutcome.Delivered,
            HttpStatusCode.Gone => PushOutcome.TokenGone,
            HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge => PushOutcome.Refused,
            _ => throw ProviderHttp.Away(response),
        };
    }

    /// <summary>HMAC-SHA256 over the time and the body, so that what was overheard cannot be sent again much later.</summary>
    private string Sign(byte[] body)
    {
        var time = $"{clock.GetUtcNow().ToUnixTimeSeconds()}";
        byte[] signed = [.. Encoding.ASCII.GetBytes($"{time}."), .. body];
        return $"t={time},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(settings.Value.Relay.Secret), signed))}";
    }
}
