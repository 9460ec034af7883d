using System.Globalization;
using Explaino.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Explaino.ServiceDefaults.Storage;

/// <summary>
/// A received file: the one part <c>file</c> of a multipart body, buffered beyond a little memory in a temporary file, so that its content can be looked
/// at before it is kept.
/// </summary>
public sealed class Upload : IAsyncDisposable
{
    private const int MemoryThreshold = 64 * 1024;
    private const int MaximumNameLength = 255;

    private Upload(string fileName, Stream content)
    {
        FileName = fileName;
        Content = content;
    }

    /// <summary>What the client calls it: to be shown and never to be used as a path; without folders and invisible characters, maybe empty.</summary>
    public string FileName { get; }

    /// <summary>Seekable, at its beginning.</summary>
    public Stream Content { get; }

    /// <returns>The file, or the 400, 413 or 415 that says what is wrong with the body.</returns>
    public static async Task<(Upload? File, ProblemHttpResult? Refusal)> ReceiveAsync(
        HttpRequest request, long maximumSize, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            return (null, Problems.Of(StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", "Send multipart/form-data."));
        }

        if (HeaderUtilities.RemoveQuotes(type.Boundary) is not { Length: > 0 and <= 70 } boundary)
        {
            return (null, Malformed());
        }

        FileBufferingReadStream? content = null;
        try
        {
            var reader = new MultipartReader(boundary.ToString(), request.Body);
            if (await reader.ReadNextSectionAsync(cancellationToken) is not { } part
                || !ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition)
                || HeaderUtilities.RemoveQuotes(disposition.Name) != "file")
            {
                return (null, NotOneFile());
            }

            content = new FileBufferingReadStream(part.Body, MemoryThreshold);
            if (!await BufferAsync(content, maximumSize, cancellationToken))
            {
                await content.DisposeAsync();
                return (null, Problems.Of(
                    StatusCodes.Status413PayloadTooLarge, "payload_too_large", $"The file is larger than {maximumSize} bytes."));
            }

            if (await reader.ReadNextSectionAsync(cancellationToken) is not null)
            {
                await content.DisposeAsync();
                return (null, NotOneFile());
            }

            content.Position = 0;
            var name = disposition.FileNameStar.HasValue ? disposition.FileNameStar : HeaderUtilities.UnescapeAsQuotedString(disposition.FileName);
            return (new Upload(DisplayName(name.ToString()), content), null);
        }
        catch (Exception e) when (e is InvalidDataException or (IOException and not BadHttpRequestException))
        {
            await (content?.DisposeAsync() ?? ValueTask.CompletedTask);
            return (null, Malformed());
        }
        catch
        {
            await (content?.DisposeAsync() ?? ValueTask.CompletedTask);
            throw;
        }
    }

    public ValueTask DisposeAsync() => Content.DisposeAsync();

    private static async Task<bool> BufferAsync(Stream content, long maximumSize, CancellationToken cancellationToken)
    {
        var chunk = new byte[16 * 1024];
        var size = 0L;
        int read;
        while ((read = await content.ReadAsync(chunk, cancellationToken)) > 0)
        {
            size += read;
            if (size > maximumSize)
            {
                return false;
            }
        }

        return true;
    }

    private static string DisplayName(string name)
    {
        var shown = new string([.. name[(name.LastIndexOfAny(['/', '\\']) + 1)..].Where(IsVisible)]).Trim();
        var length = Math.Min(shown.Length, MaximumNameLength);
        return char.IsHighSurrogate(shown.ElementAtOrDefault(length - 1)) ? shown[..(length - 1)] : shown[..length];
    }

    // Format characters turn the reading direction around, which hides what a name ends in.
    private static bool IsVisible(char character) =>
        !char.IsControl(character) && CharUnicodeInfo.GetUnicodeCategory(character) != UnicodeCategory.Format;

    private static ProblemHttpResult NotOneFile() => Problems.Invalid("file", "The body must have exactly one part, and its name must be file.");

    private static ProblemHttpResult Malformed() => Problems.BadRequest(ProblemCodes.Malformed, "The body is not well-formed multipart/form-data.");
}
