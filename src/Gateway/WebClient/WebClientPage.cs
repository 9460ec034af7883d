using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;

namespace Explaino.Gateway.WebClient;

/// <summary>
/// <c>/app</c>: the web client of clients/web, for people to look at and to try. In Development only, and only where it was built: <c>WebClient:Folder</c>, which
/// the AppHost tells.
/// </summary>
internal static class WebClientPage
{
    public const string Path = "/app";

    // Pictures of people may be anywhere; nothing else comes from elsewhere or is written into the page, and no text becomes HTML.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: http:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    public static void UseWebClient(this WebApplication app)
    {
        if (!app.Environment.IsDevelopment() || app.Configuration["WebClient:Folder"] is not { Length: > 0 } folder || !Directory.Exists(folder))
        {
            return;
        }

        var files = new FileServerOptions { RequestPath = Path, FileProvider = new PhysicalFileProvider(System.IO.Path.GetFullPath(folder)) };
        files.StaticFileOptions.OnPrepareResponse = Prepare;
        app.UseFileServer(files);
    }

    /// <summary>What the build named by its content is good for ever; the page itself is asked for each time.</summary>
    private static void Prepare(StaticFileResponseContext file)
    {
        var headers = file.Context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.CacheControl = file.Context.Request.Path.StartsWithSegments($"{Path}/assets")
            ? new CacheControlHeaderValue { Public = true, MaxAge = TimeSpan.FromDays(365), Extensions = { new NameValueHeaderValue("immutable") } }.ToString()
            : "no-cache";
    }
}
