using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Explaino.ServiceDefaults.Telemetry;

/// <summary>Completes the framework's server span by OpenTelemetry's HTTP conventions: named after the route, with route and status.</summary>
internal static class HttpSpans
{
    public static void UseHttpSpans(this WebApplication app) =>
        app.Use(async (http, next) =>
        {
            try
            {
                await next(http);
            }
            finally
            {
                if (http.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } span)
                {
                    Complete(span, http);
                }
            }
        });

    private static void Complete(Activity span, HttpContext http)
    {
        var status = http.Response.StatusCode;
        span.SetTag("http.response.status_code", status);
        span.SetStatus(status >= 500 ? ActivityStatusCode.Error : ActivityStatusCode.Unset);

        // The exception handler runs the pipeline without the endpoint; it is remembered where the error came from.
        var endpoint = http.GetEndpoint() ?? http.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        if ((endpoint as RouteEndpoint)?.RoutePattern.RawText?.TrimEnd('/') is { } route)
        {
            span.SetTag("http.route", route);
            span.DisplayName = $"{http.Request.Method} {route}";
        }
    }
}
