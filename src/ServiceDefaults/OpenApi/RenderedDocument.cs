using System.Security.Cryptography;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Explaino.ServiceDefaults.OpenApi;

/// <summary>The document as text, made once in a process's life: making it takes 40 ms of a core, and anybody may ask for it.</summary>
internal sealed class RenderedDocument([FromKeyedServices(RenderedDocument.Name)] IOpenApiDocumentProvider provider)
{
    public const string Name = "v1";

    private readonly Lock _making = new();
    private Task<(byte[] Json, EntityTagHeaderValue Tag)>? _document;

    public Task<(byte[] Json, EntityTagHeaderValue Tag)> GetAsync()
    {
        lock (_making)
        {
            // One that failed is made again.
            return _document is null or { IsFaulted: true } ? _document = RenderAsync() : _document;
        }
    }

    private async Task<(byte[] Json, EntityTagHeaderValue Tag)> RenderAsync()
    {
        var document = await provider.GetOpenApiDocumentAsync(CancellationToken.None);
        using var json = new MemoryStream();
        await document.SerializeAsJsonAsync(json, OpenApiSpecVersion.OpenApi3_1, CancellationToken.None);
        var bytes = json.ToArray();
        return (bytes, new($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes), 0, 12)}\""));
    }
}
