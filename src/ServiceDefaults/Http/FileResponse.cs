using Explaino.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Explaino.ServiceDefaults.Http;

/// <summary>The one way to serve a file: with its entity tag, in parts where asked (RFC 9110 section 14), and with a problem where a part cannot be had.</summary>
public sealed class FileResponse(FileStreamHttpResult file) : IResult, IFileHttpResult, IContentTypeHttpResult
{
    public string? ContentType => file.ContentType;

    public string? FileDownloadName => file.FileDownloadName;

    /// <param name="key">What names this content and no other.</param>
    /// <param name="downloadName">Of an attachment; null to show it where it is.</param>
    public static FileResponse Of(Stream content, string contentType, Guid key, DateTimeOffset changedAt, string? downloadName = null) =>
        Of(content, contentType, $"{key:n}", changedAt, downloadName);

    /// <param name="key">What names this content and no other: letters, digits and hyphens.</param>
    /// <param name="downloadName">Of an attachment; null to show it where it is.</param>
    public static FileResponse Of(Stream content, string contentType, string key, DateTimeOffset changedAt, string? downloadName = null) =>
        new(TypedResults.Stream(content, contentType, downloadName, changedAt, new EntityTagHeaderValue($"\"{key}\""), enableRangeProcessing: true));

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await using var content = file.FileStream;
        IgnoreUnknownRanges(httpContext.Request.Headers);
        await file.ExecuteAsync(httpContext);

        // By itself the framework answers as if the file followed.
        if (httpContext.Response is { StatusCode: StatusCodes.Status416RangeNotSatisfiable, HasStarted: false } response)
        {
            response.ContentType = null;
            response.ContentLength = null;
            response.Headers.ContentDisposition = default;
            response.Headers.ETag = default;
            response.Headers.LastModified = default;
            await Problems.Of(response.StatusCode, ProblemCodes.Of(response.StatusCode), DefaultDetails.Of(response.StatusCode, httpContext)).ExecuteAsync(httpContext);
        }
    }

    /// <summary>Another unit than bytes is ignored (section 14.2), and so is a range on a condition that cannot be read.</summary>
    private static void IgnoreUnknownRanges(IHeaderDictionary headers)
    {
        var isBytes = headers.Range is [{ } range] && range.TrimStart().StartsWith("bytes=", StringComparison.OrdinalIgnoreCase);
        if (!isBytes || (headers.IfRange.Count > 0 && !RangeConditionHeaderValue.TryParse(headers.IfRange.ToString(), out _)))
        {
            headers.Range = default;
        }
    }
}
