using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Explaino.Gateway.Forwarding;

/// <summary>Headers that <c>Connection</c> names are for the next hop only, in both directions (RFC 9110 section 7.6.1); YARP leaves out only those it knows.</summary>
internal static class HopByHop
{
    /// <summary>Options of the connection, and what no message can do without.</summary>
    private static readonly HashSet<string> Kept = new(StringComparer.OrdinalIgnoreCase)
    {
        "close", HeaderNames.KeepAlive, HeaderNames.Upgrade, HeaderNames.Host, HeaderNames.ContentLength, HeaderNames.TransferEncoding,
    };

    public static void UseHopByHop(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        Remove(http.Request.Headers, http.Request.Headers.GetCommaSeparatedValues(HeaderNames.Connection));
        return next(http);
    });

    public static void AddHopByHop(this TransformBuilderContext transforms) => transforms.AddResponseTransform(response =>
    {
        if (response.ProxyResponse is { } answer)
        {
            Remove(response.HttpContext.Response.Headers, answer.Headers.Connection);
        }

        return ValueTask.CompletedTask;
    });

    private static void Remove(IHeaderDictionary headers, IEnumerable<string> names)
    {
        foreach (var name in names.Where(name => !Kept.Contains(name)))
        {
            headers.Remove(name);
        }
    }
}
