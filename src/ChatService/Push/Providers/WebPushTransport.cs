using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Explaino.ChatService.Devices;
using Microsoft.Extensions.Options;

namespace Explaino.ChatService.Push.Providers;

/// <summary>Web Push (RFC 8030): encrypted for the browser, signed for its push service (VAPID, RFC 8292), to an address that the client named.</summary>
internal sealed class WebPushTransport(ProviderHttp http, IOptions<PushSettings> settings, TimeProvider clock) : IPushTransport
{
    private const string KeptForSeconds = "3600";
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromHours(12);
    private static readonly TimeSpan TokenUsed = TimeSpan.FromHours(6);

    /// <summary>By the origin of the push service, of which there are few.</summary>
    private readonly ConcurrentDictionary<string, (string Token, DateTimeOffset MadeAt)> _tokens = new();

    public async Task<PushOutcome> SendAsync(PushDelivery delivery, CancellationToken cancellationToken)
    {
        if (!WebPushSubscription.TryParse(delivery.Token, out var browser) || Encrypt(delivery.Payload, browser) is not { } content)
        {
            return PushOutcome.TokenGone;
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, browser.Endpoint) { Content = new ByteArrayContent(content) };
        request.Content.Headers.ContentType = new("application/octet-stream");
        request.Content.Headers.ContentEncoding.Add("aes128gcm");
        request.Headers.Add("TTL", KeptForSeconds);
        request.Headers.Add("Topic", Base64Url.EncodeToString(delivery.Push.SubjectId.ToByteArray(bigEndian: true)));
        request.Headers.Add("Urgency", delivery.Payload.LocKey is null ? "low" : "high");
        request.Headers.Authorization = new AuthenticationHeaderValue("vapid", $"t={TokenFor(browser.Endpoint.GetLeftPart(UriPartial.Authority))}, k={settings.Value.WebPush.PublicKey}");
        try
        {
            using var response = await http.Untrusted.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.StatusCode switch
            {
                >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices => PushOutcome.Delivered,
                HttpStatusCode.NotFound or HttpStatusCode.Gone => PushOutcome.TokenGone,
                HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => throw ProviderHttp.Away(response),
                _ => PushOutcome.Refused,
            };
        }
        catch (HttpRequestException e) when (e.InnerException is InnerAddressException)
        {
            return PushOutcome.TokenGone;
        }
    }

    /// <returns>Null if the key is no point of the curve: no browser can read with it.</returns>
    private static byte[]? Encrypt(PushPayload payload, WebPushSubscription browser)
    {
        try
        {
            return WebPushEncryption.Encrypt(payload.ToBytes(), browser);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private string TokenFor(string origin)
    {
        var now = clock.GetUtcNow();
        if (!_tokens.TryGetValue(origin, out var known) || now - known.MadeAt > TokenUsed)
        {
            // An origin is whatever clients name: not all are worth remembering.
            if (_tokens.Count > 100)
            {
                _tokens.Clear();
            }

            _tokens[origin] = known = (Make(origin, now), now);
        }

        return known.Token;
    }

    private string Make(string origin, DateTimeOffset now)
    {
        var web = settings.Value.WebPush;
        var point = Base64Url.DecodeFromChars(web.PublicKey);
        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            D = Base64Url.DecodeFromChars(web.PrivateKey),
            Q = new() { X = point[1..33], Y = point[33..] },
        });
        return SignedToken.Make(key, new { typ = "JWT", alg = "ES256" }, new { aud = origin, exp = (now + TokenLifetime).ToUnixTimeSeconds(), sub = web.Subject });
    }
}
