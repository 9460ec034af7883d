using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Explaino.ServiceDefaults.Http;

/// <summary>An id in a path is written as in a body; the framework's own <c>guid</c> also takes braces, and no hyphens.</summary>
internal sealed class IdConstraint : IRouteConstraint
{
    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        values[routeKey] is Guid || Guid.TryParseExact(values[routeKey]?.ToString(), "D", out _);
}
