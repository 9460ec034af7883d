using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;

namespace Explaino.ChatService.Push.Providers;

/// <summary>Firebase Cloud Messaging, HTTP v1, with the access tokens of a service account.</summary>
internal sealed class FcmTransport(ProviderHttp http, FcmAccess access, IOptions<PushSettings> settings) : IPushTransport
{
    public async Task<PushOutcome> SendAsync(PushDelivery delivery, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(settings.Value.Fcm.Address, $"/v1/projects/{access.ProjectId}/messages:send"))
        {
            Content = JsonContent.Create(BodyOf(delivery)),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await access.TokenAsync(cancellationToken));
        using var response = await http.Trusted.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return PushOutcome.Delivered;
        }

        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            access.Discard();
        }

        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.StatusCode switch
        {
            HttpStatusCode.NotFound => PushOutcome.TokenGone,
            HttpStatusCode.Forbidden when text.Contains("SENDER_ID_MISMATCH", StringComparison.Ordinal) => PushOutcome.TokenGone,
            HttpStatusCode.BadRequest when text.Contains("message.token", StringComparison.Ordinal) => PushOutcome.TokenGone,
            HttpStatusCode.BadRequest => PushOutcome.Refused,
            _ => throw ProviderHttp.Away(response),
        };
    }

    // Data only: what is shown is the app's business, which knows the language; iOS shows what its own part says.
    private static JsonObject BodyOf(PushDelivery delivery)
    {
        var payload = delivery.Payload;
        var aps = new JsonObject { ["badge"] = payload.Badge };
        if (payload.LocKey is { } key)
        {
            aps["alert"] = new JsonObject { ["loc-key"] = key, ["loc-args"] = new JsonArray([.. payload.LocArgs.Select(argument => (JsonNode)argument)]) };
            aps["mutable-content"] = 1;
        }

        return new()
        {
            ["message"] = new JsonObject
            {
                ["token"] = delivery.Token,
                ["data"] = new JsonObject { ["explaino"] = Encoding.UTF8.GetString(payload.ToBytes()) },
                ["android"] = new JsonObject
                {
                    ["collapse_key"] = $"{delivery.Push.SubjectId:n}",
                    ["priority"] = payload.LocKey is null ? "NORMAL" : "HIGH",
                    ["ttl"] = "3600s",
                },
                ["apns"] = new JsonObject
                {
                    ["headers"] = new JsonObject { ["apns-collapse-id"] = $"{delivery.Push.SubjectId:n}" },
                    ["payload"] = new JsonObject { ["aps"] = aps },
                },
            },
        };
    }
}

/// <summary>The service account's access token, by an OAuth exchange (RFC 7523); kept until shortly before it expires, and asked for once however many need it.</summary>
internal sealed class FcmAccess : IDisposable
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    private readonly ProviderHttp _http;
    private readonly TimeProvider _clock;
    private readonly JsonNode _account;
    private readonly SemaphoreSlim _asking = new(1, 1);
    private (string Token, long AskedAt, TimeSpan Lifetime)? _current;

    public FcmAccess(ProviderHttp http, IOptions<PushSettings> settings, TimeProvider clock) =>
        (_http, _clock, _account) = (http, clock, JsonNode.Parse(settings.Value.Fcm.Credentials)!);

    public string ProjectId => (string)_account["project_id"]!;

    public async Task<string> TokenAsync(CancellationToken cancellationToken)
    {
        await _asking.WaitAsync(cancellationToken);
        try
        {
            if (_current is not { } current || _clock.GetElapsedTime(current.AskedAt) > current.Lifetime - Margin)
            {
                _current = current = await AskAsync(cancellationToken);
            }

            return current.Token;
        }
        finally
        {
            _asking.Release();
        }
    }

    /// <summary>It was refused: the next is new.</summary>
    public void Discard() => _current = null;

    public void Dispose() => _asking.Dispose();

    private async Task<(string, long, TimeSpan)> AskAsync(CancellationToken cancellationToken)
    {
        var (now, askedAt, address) = (_clock.GetUtcNow(), _clock.GetTimestamp(), (string)_account["token_uri"]!);
        using var key = RSA.Create();
        key.ImportFromPem((string)_account["private_key"]!);
        var assertion = SignedToken.Make(key, new { typ = "JWT", alg = "RS256", kid = (string?)_account["private_key_id"] }, new
        {
            iss = (string)_account["client_email"]!,
            scope = "https://www.googleapis.com/auth/firebase.messaging",
            aud = address,
            iat = now.ToUnixTimeSeconds(),
            exp = now.AddHours(1).ToUnixTimeSeconds(),
        });
        using var form = new FormUrlEncodedContent([new("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), new("assertion", assertion)]);
        using var response = await _http.Trusted.PostAsync(new Uri(address), form, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw ProviderHttp.Away(response, "access token");
        }

        var granted = (await response.Content.ReadFromJsonAsync<JsonObject>(cancellationToken))!;
        return ((string)granted["access_token"]!, askedAt, TimeSpan.FromSeconds((double)granted["expires_in"]!));
    }
}
