namespace Explaino.Gateway.Docs;

/// <summary><c>/docs</c>: Swagger UI over the documents of all services, from this origin alone.</summary>
internal static class DocsPage
{
    private const string Path = "/docs";

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
                foreach (var service in ServiceDocuments.Names(app.Configuration).Append("gateway").Append("explaino"))
                {
                    page.SwaggerEndpoint($"/openapi/{service}.json", service);
                }
            });
        });
    }
}
