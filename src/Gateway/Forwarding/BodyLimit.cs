using Explaino.ServiceDefaults;
using Explaino.ServiceDefaults.Errors;

namespace Explaino.Gateway.Forwarding;

/// <summary>Refuses a body that is announced as too large before a service hears of it; one that turns out so is cut off by Kestrel.</summary>
internal sealed class BodyLimit(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http) =>
        http.Request.ContentLength > (http.GetRouteModel().Config.MaxRequestBodySize ?? Service.MaxBodySize)
            ? Problems.Of(StatusCodes.Status413PayloadTooLarge, "payload_too_large", "The body is larger than this call accepts.").ExecuteAsync(http)
            : next(http);
}
