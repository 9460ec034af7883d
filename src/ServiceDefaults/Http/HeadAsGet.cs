using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Explaino.ServiceDefaults.Http;

/// <summary>
/// HEAD on every route that answers GET (RFC 9110 sections 9.1 and 9.3.2): the route is found as for GET, and from then on it is HEAD again, so that
/// the server sends no body and the gateway passes it on as it came.
/// </summary>
internal static class HeadAsGet
{
    public static void UseRoutingOfHead(this WebApplication app)
    {
        app.Use((http, next) => WithMethod(http, HttpMethods.IsHead(http.Request.Method), HttpMethods.Get, next));
        app.UseRouting();
        app.Use((http, next) => WithMethod(http, http.Items.ContainsKey(typeof(HeadAsGet)), HttpMethods.Head, next));
    }

    private static Task WithMethod(HttpContext http, bool isHead, string method, RequestDelegate next)
    {
        if (isHead)
        {
            http.Items[typeof(HeadAsGet)] = true;
            http.Request.Method = method;
        }

        return next(http);
    }
}
