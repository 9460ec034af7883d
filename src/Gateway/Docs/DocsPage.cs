namespace Explaino.Gateway.Docs;

/// <summary><c>/docs</c>: Swagger UI over the documents of all services, from this origin alone.</summary>
internal static class DocsPage
{
    private const string Path = "/docs";

    /// <summary>How the routes are named that lead to a service's document.</summary>
    private const string Route = "-document";

    // Swagger UI styles its elements in place, and draws with data: images.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void UseDocs(this WebApplication app)
    {
        app.MapGet("/", () => TypedResults.Redirect(Path)).AllowAnonymous().ExcludeFromDescription();
        app.UseWhen(http => http.Request.Path.StartsWithSegments(Path), docs =>
        {
            docs.Use((http, next) =>
            {
                http.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;

                // Swagger UI serves its files to GET only; the server sends no body after HEAD.
                http.Request.Method = HttpMethods.IsHead(http.Request.Method) ? HttpMethods.Get : http.Request.Method;
                return next(http);
            });
            docs.UseSwaggerUI(page =>
            {
                page.RoutePrefix = Path.TrimStart('/');
                page.DocumentTitle = "Explaino API";
                page.EnablePersistAuthorization();
                page.DisplayRequestDuration();
                page.EnableDeepLinking();
                foreach (var service in DocumentedServices(app.Configuration).Append("gateway"))
                {
                    page.SwaggerEndpoint($"/openapi/{service}.json", service);
                }
            });
        });
    }

    private static IEnumerable<string> DocumentedServices(IConfiguration configuration) =>
        from route in configuration.GetSection("ReverseProxy:Routes").GetChildren()
        where route.Key.EndsWith(Route, StringComparison.Ordinal)
        select route.Key[..^Route.Length];
}
