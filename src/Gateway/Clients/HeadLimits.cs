using Explaino.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.Features;

namespace Explaino.Gateway.Clients;

/// <summary>Refuses what is too large before a body with a problem; Kestrel, which takes a few times more, refuses without a word.</summary>
internal static class HeadLimits
{
    private const int MaximumCount = 100;
    private const int MaximumSize = 32 * 1024;
    private const int MaximumLine = 8 * 1024;

    /// <summary>What else a request line has: two blanks, the version, and its end.</summary>
    private const int Version = 12;

    public static void AddHeadLimits(this WebApplicationBuilder builder) => builder.WebHost.ConfigureKestrel(kestrel =>
    {
        kestrel.Limits.MaxRequestHeaderCount = 10 * MaximumCount;
        kestrel.Limits.MaxRequestHeadersTotalSize = 4 * MaximumSize;
        kestrel.Limits.MaxRequestLineSize = 4 * MaximumLine;
    });

    public static void UseHeadLimits(this WebApplication app) => app.Use((http, next) => Excess(http) is { } status
        ? Problems.Of(status, ProblemCodes.Of(status), Sentence(status)).ExecuteAsync(http)
        : next(http));

    private static int? Excess(HttpContext http)
    {
        var headers = http.Request.Headers;
        return http.Request.Method.Length + http.Features.Get<IHttpRequestFeature>()!.RawTarget.Length + Version > MaximumLine
            ? StatusCodes.Status414UriTooLong
            : headers.Sum(header => header.Value.Count) > MaximumCount || headers.Sum(header => header.Value.Sum(value => header.Key.Length + value!.Length + 4)) > MaximumSize
                ? StatusCodes.Status431RequestHeaderFieldsTooLarge
                : null;
    }

    private static string Sentence(int status) => status == StatusCodes.Status414UriTooLong
        ? $"The address is longer than {MaximumLine / 1024} KiB."
        : $"The headers are more than {MaximumCount}, or larger than {MaximumSize / 1024} KiB.";
}
