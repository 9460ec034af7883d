using System.Data.Common;
using System.Net.Sockets;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Explaino.ServiceDefaults.Errors;

/// <summary>Unavailable dependency: something this process needs to answer is away for the moment; becomes a 503.</summary>
public sealed class DependencyUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Transient failure: tells a dependency that is away, which time heals, from everything else.</summary>
/// <remarks>What Npgsql throws is told by what every driver says of a fault: a process without a database judges too, and carries no driver for it.</remarks>
public static class TransientFailure
{
    public static bool Is(Exception exception) => exception switch
    {
        DependencyUnavailableException => true,
        DbException { SqlState: { } state } refused => IsOutage(refused, state),
        DbException or SocketException or TimeoutException or HttpRequestException => true,

        // The driver's own, instead of the reset that cut its connection in the middle of preparing a statement.
        NullReferenceException { Source: "Npgsql" } => true,
        { InnerException: { } inner } => Is(inner),
        _ => false,
    };

    // Class 57P: the server is told to stop, or is starting. 3D000: the database is not made yet. 57014: the statement took too long.
    // RevalidateCachedQuery: a migration changed what a prepared statement gives; Npgsql prepares it anew for the next one.
    // 42P05 and 26000: driver and server disagree about what is prepared, and the connection is discarded; as with 25006: its server has become a standby.
    private static bool IsOutage(DbException refused, string state) =>
        refused.IsTransient
        || state.StartsWith("57P", StringComparison.Ordinal)
        || refused.Data["Routine"] is "RevalidateCachedQuery"
        || state is "3D000" or "57014" or "42P05" or "26000" or "25006";
}

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
