using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Explaino.ServiceData.Idempotency;

/// <summary>The first answer once more, as it was stored.</summary>
public sealed class ReplayedAnswer(int status, string? location, string? body) : IResult
{
    public static ProblemHttpResult OfAnotherBody() =>
        Problems.Of(StatusCodes.Status422UnprocessableEntity, "idempotency_key_reused", "This key was used with another body.");

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = status;
        httpContext.Response.Headers[IdempotencyMetadata.ReplayedHeader] = "true";
        if (location is not null)
        {
            httpContext.Response.Headers.Location = location;
        }

        if (body is not null)
        {
            httpContext.Response.ContentType = "application/json; charset=utf-8";
            await httpContext.Response.WriteAsync(body, httpContext.RequestAborted);
        }
    }
}
