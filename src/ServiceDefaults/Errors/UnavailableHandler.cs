using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Explaino.ServiceDefaults.Errors;

/// <summary>A dependency that is away is 503 with <c>Retry-After</c>, never a 500 (docs/contract.md#1-conventions).</summary>
internal sealed class UnavailableHandler(IProblemDetailsService problems, ILogger<UnavailableHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (!TransientFailure.Is(exception))
        {
            return false;
        }

        logger.LogWarning(exception, "A dependency did not answer");
        var result = Problems.Of(StatusCodes.Status503ServiceUnavailable, ProblemCodes.Unavailable, "Something this call needs is away; try again.")
            .RetryAfter(TimeSpan.FromSeconds(1));
        httpContext.Response.StatusCode = result.StatusCode;
        return await problems.TryWriteAsync(new() { HttpContext = httpContext, ProblemDetails = result.ProblemDetails });
    }
}
