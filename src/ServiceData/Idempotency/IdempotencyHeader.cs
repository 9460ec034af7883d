using System.Security.Cryptography;
using System.Text.Json;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Explaino.ServiceData.Idempotency;

/// <summary>The header <c>Idempotency-Key</c> of a call, read with what the key belongs to.</summary>
internal static class IdempotencyHeader
{
    public static bool IsSent(HttpRequest request) => request.Headers.ContainsKey(IdempotencyMetadata.Header);

    /// <returns>The key, or the 400 for one that is missing or no UUID.</returns>
    public static ProblemOr<IdempotencyKey> Read(EndpointFilterInvocationContext context)
    {
        var http = context.HttpContext;
        return http.Request.Headers[IdempotencyMetadata.Header] is [{ } text] && Guid.TryParseExact(text, "D", out var value)
            ? new IdempotencyKey
            {
                UserId = http.User.Id(),
                Call = $"{http.Request.Method} {http.Request.Path.Value!.TrimEnd('/').ToLowerInvariant()}",
                Key = value,
                RequestHash = Hash(context),
                CreatedAt = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow(),
            }
            : Problems.BadRequest("idempotency_key_invalid", $"{IdempotencyMetadata.Header} must be one UUID.");
    }

    private static byte[] Hash(EndpointFilterInvocationContext context)
    {
        var type = context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType;
        var body = context.Arguments.SingleOrDefault(argument => argument is not null && argument.GetType() == type);
        var json = context.HttpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        return body is null ? [] : SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), json));
    }
}
