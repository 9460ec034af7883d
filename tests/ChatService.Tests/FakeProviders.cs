using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Explaino.ChatService.Tests;

/// <summary>Push providers as strict as the real ones, over TLS: whatever they would refuse is a complaint, and what they take is kept, as the device would read it.</summary>
public sealed class FakeProviders : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ECDsa _apnsKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _vapidKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly RSA _accountKey = RSA.Create(2048);
    private readonly ConcurrentDictionary<string, WebPushBrowser> _browsers = new();
    private readonly string _certificate = Path.GetTempFileName();
    private int _waiting;

    private FakeProviders()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var made = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        File.WriteAllText(_certificate, certificate.ExportCertificatePem());

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(certificate);
        }));
        _app = builder.Build();
        _app.MapPost("/3/device/{token}", TakeApnsAsync);
        _app.MapPost("/token", GiveAccessAsync);
        _app.MapPost("/v1/projects/explaino-test/messages:send", TakeFcmAsync);
        _app.MapPost("/webpush/{id}", TakeWebPushAsync);
        _app.MapPost("/relay", TakeRelayAsync);
    }

    /// <summary>What was taken: for whom, the payload, and when.</summary>
    public ConcurrentQueue<TakenPush> Taken { get; } = new();

    public ConcurrentQueue<string> Complaints { get; } = new();

    /// <summary>Tokens that the providers refuse for good.</summary>
    public ConcurrentDictionary<string, bool> Gone { get; } = new();

    /// <summary>Providers that are away: the first segment of their paths.</summary>
    public ConcurrentDictionary<string, bool> Away { get; } = new();

    /// <summary>Providers that take what is sent and never answer: the first segment of their paths.</summary>
    public ConcurrentDictionary<string, bool> Silent { get; } = new();

    /// <summary>How many wait for an answer that does not come.</summary>
    public int Waiting => _waiting;

    public Uri Address => new($"https://localhost:{new Uri(_app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port}");

    public Dictionary<string, string?> Settings => new()
    {
        ["Push:Mode"] = "direct",
        ["Push:TrustedCertificates"] = _certificate,
        ["Push:AllowPrivateAddresses"] = "true",
        ["Push:Apns:KeyId"] = "KEY1234567",
        ["Push:Apns:TeamId"] = "TEAM123456",
        ["Push:Apns:Topic"] = "dev.explaino.app",
        ["Push:Apns:PrivateKey"] = _apnsKey.ExportPkcs8PrivateKeyPem(),
        ["Push:Apns:Address"] = Address.AbsoluteUri,
        ["Push:Fcm:Address"] = Address.AbsoluteUri,
        ["Push:Fcm:Credentials"] = new JsonObject
        {
            ["type"] = "service_account",
            ["project_id"] = "explaino-test",
            ["private_key_id"] = "1",
            ["private_key"] = _accountKey.ExportPkcs8PrivateKeyPem(),
            ["client_email"] = "push@explaino-test.example",
            ["token_uri"] = new Uri(Address, "/token").AbsoluteUri,
        }.ToJsonString(),
        ["Push:WebPush:PublicKey"] = WebEncoders.Base64UrlEncode(WebPushBrowser.PointOf(_vapidKey.ExportParameters(false).Q)),
        ["Push:WebPush:PrivateKey"] = WebEncoders.Base64UrlEncode(_vapidKey.ExportParameters(true).D!),
        ["Push:WebPush:Subject"] = "mailto:operator@explaino.example",
        ["Push:Relay:Address"] = new Uri(Address, "/relay").AbsoluteUri,
        ["Push:Relay:Secret"] = "between us two",
    };

    public static async Task<FakeProviders> StartAsync()
    {
        var providers = new FakeProviders();
        await providers._app.StartAsync();
        return providers;
    }

    /// <summary>A browser that subscribes.</summary>
    public (string Id, string Subscription) Subscribe()
    {
        var (id, browser) = ($"{Guid.CreateVersion7():n}", new WebPushBrowser());
        _browsers[id] = browser;
        return (id, browser.Subscription(new Uri(Address, $"/webpush/{id}")));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        File.Delete(_certificate);
        _apnsKey.Dispose();
        _vapidKey.Dispose();
        _accountKey.Dispose();
    }

    private async Task<IResult> TakeApnsAsync(string token, HttpRequest request)
    {
        if (Away.ContainsKey("apns"))
        {
            return Results.Json(new { reason = "ServiceUnavailable" }, statusCode: 503);
        }

        var body = await BytesAsync(request);
        var jwt = $"{request.Headers.Authorization}".Split(' ');
        Check("apns", request.Protocol == "HTTP/2", request.Protocol);
        Check("apns", jwt is ["bearer", _] && IsSigned(jwt[1], _apnsKey, out var head, out var claims) && (string?)head["kid"] == "KEY1234567" && (string?)claims["iss"] == "TEAM123456"
            && Math.Abs((long)claims["iat"]! - TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()) < 3_600, "authorization");
        Check("apns", request.Headers["apns-topic"] == "dev.explaino.app" && request.Headers["apns-push-type"] == "alert" && $"{request.Headers["apns-priority"]}" is "5" or "10", "headers");
        Check("apns", $"{request.Headers["apns-collapse-id"]}" is { Length: > 0 and <= 64 } && long.Parse($"{request.Headers["apns-expiration"]}") > 1_700_000_000, "collapse id, expiration");
        Check("apns", body.Length <= 4_096, $"{body.Length} bytes");
        if (Gone.ContainsKey(token))
        {
            return Results.Json(new { reason = "Unregistered", timestamp = 1 }, statusCode: 410);
        }

        var told = JsonNode.Parse(body)!.AsObject();
        Check("apns", (long)told["aps"]!["badge"]! == (long)told["explaino"]!["badge"]!, "badge");
        Taken.Enqueue(new(token, told["explaino"]!.AsObject(), TimeProvider.System.GetUtcNow()));
        return Results.Ok();
    }

    private async Task<IResult> GiveAccessAsync(HttpRequest request)
    {
        var form = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(await BytesAsync(request)));
        Check("fcm", form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer", "grant type");
        var parts = $"{form["assertion"]}".Split('.');
        Check("fcm", parts.Length == 3 && _accountKey.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), WebEncoders.Base64UrlDecode(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), "assertion");
        Check("fcm", Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(parts[1])).Contains("firebase.messaging", StringComparison.Ordinal), "scope");
        return Results.Json(new { access_token = "granted", expires_in = 3_600, token_type = "Bearer" });
    }

    private async Task<IResult> TakeFcmAsync(HttpRequest request)
    {
        if (Away.ContainsKey("fcm"))
        {
            return Results.Json(new { error = new { status = "UNAVAILABLE" } }, statusCode: 503);
        }

        if (Silent.ContainsKey("fcm"))
        {
            Interlocked.Increment(ref _waiting);
            await Task.Delay(Timeout.Infinite, request.HttpContext.RequestAborted);
        }

        Check("fcm", request.Headers.Authorization == "Bearer granted", "authorization");
        var message = JsonNode.Parse(await BytesAsync(request))!["message"]!;
        var token = (string)message["token"]!;
        Check("fcm", (string?)message["android"]!["ttl"] == "3600s" && (string?)message["android"]!["collapse_key"] is { Length: > 0 }, "android");
        if (Gone.ContainsKey(token))
        {
            return Results.Json(new { error = new { status = "NOT_FOUND", details = new[] { new { errorCode = "UNREGISTERED" } } } }, statusCode: 404);
        }

        Taken.Enqueue(new(token, JsonNode.Parse((string)message["data"]!["explaino"]!)!.AsObject(), TimeProvider.System.GetUtcNow()));
        return Results.Json(new { name = "projects/explaino-test/messages/1" });
    }

    private async Task<IResult> TakeWebPushAsync(string id, HttpRequest request)
    {
        if (Away.ContainsKey("webpush"))
        {
            return Results.StatusCode(503);
        }

        var body = await BytesAsync(request);
        var authorization = $"{request.Headers.Authorization}";
        var token = authorization.Split("t=").Last().Split(',')[0];
        Check("webpush", IsSigned(token, _vapidKey, out _, out var claims) && (string?)claims["aud"] == Address.GetLeftPart(UriPartial.Authority) && (string?)claims["sub"] == "mailto:operator@explaino.example", $"vapid {authorization}");
        Check("webpush", request.Headers.ContentEncoding == "aes128gcm" && request.Headers["TTL"] == "3600" && $"{request.Headers["Topic"]}".Length <= 32, "headers");
        Check("webpush", body.Length <= 4_096, $"{body.Length} bytes");
        if (Gone.ContainsKey(id))
        {
            return Results.StatusCode(410);
        }

        Taken.Enqueue(new(id, JsonNode.Parse(_browsers[id].Decrypt(body))!.AsObject(), TimeProvider.System.GetUtcNow()));
        return Results.StatusCode(201);
    }

    private async Task<IResult> TakeRelayAsync(HttpRequest request)
    {
        var body = await BytesAsync(request);
        var parts = $"{request.Headers["Explaino-Signature"]}".Split(',');
        var expected = Convert.ToHexStringLower(HMACSHA256.HashData("between us two"u8, [.. Encoding.ASCII.GetBytes($"{parts[0][2..]}."), .. body]));
        Check("relay", parts is [_, var signature] && signature == $"v1={expected}", "signature");
        var told = JsonNode.Parse(body)!;
        Taken.Enqueue(new((string)told["token"]!, told["payload"]!.AsObject(), TimeProvider.System.GetUtcNow()));
        return Results.NoContent();
    }

    private void Check(string provider, bool holds, string what)
    {
        if (!holds)
        {
            Complaints.Enqueue($"{provider}: {what}");
        }
    }

    private static bool IsSigned(string jwt, ECDsa key, out JsonNode head, out JsonNode claims)
    {
        var parts = jwt.Split('.');
        head = JsonNode.Parse(WebEncoders.Base64UrlDecode(parts[0]))!;
        claims = JsonNode.Parse(WebEncoders.Base64UrlDecode(parts[1]))!;
        return (string?)head["alg"] == "ES256" && key.VerifyData(
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), WebEncoders.Base64UrlDecode(parts[2]), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    private static async Task<byte[]> BytesAsync(HttpRequest request)
    {
        using var read = new MemoryStream();
        await request.Body.CopyToAsync(read);
        return read.ToArray();
    }
}

/// <summary>What a provider took for a device.</summary>
public sealed record TakenPush(string Token, JsonObject Payload, DateTimeOffset At);
