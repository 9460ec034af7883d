using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Explaino.ServiceDefaults.OpenApi;

/// <summary>An OpenAPI document as it goes over the wire, with its entity tag.</summary>
public sealed record DocumentText(byte[] Json)
{
    public EntityTagHeaderValue Tag { get; } = new($"\"{Convert.ToHexStringLower(SHA256.HashData(Json), 0, 12)}\"");

    public FileContentHttpResult Show(HttpResponse response)
    {
        response.Headers.CacheControl = "public, max-age=300";
        return TypedResults.Bytes(Json, "application/json", entityTag: Tag);
    }
}
