using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Explaino.ServiceDefaults.OpenApi;

/// <summary>The document as text, made once in a process's life: making it takes 40 ms of a core, and anybody may ask for it.</summary>
public sealed class RenderedDocument([FromKeyedServices(RenderedDocument.Name)] IOpenApiDocumentProvider provider)
{
    internal const string Name = "v1";

    private readonly Lock _making = new();
    private Task<DocumentText>? _document;

    public Task<DocumentText> GetAsync()
    {
        lock (_making)
        {
            // One that failed is made again.
            return _document is null or { IsFaulted: true } ? _document = RenderAsync() : _document;
        }
    }

    private async Task<DocumentText> RenderAsync()
    {
        var document = await provider.GetOpenApiDocumentAsync(CancellationToken.None);
        using var json = new MemoryStream();
        await document.SerializeAsJsonAsync(json, OpenApiSpecVersion.OpenApi3_1, CancellationToken.None);
        return new(json.ToArray());
    }
}
