using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Validation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace Explaino.ServiceFiles.Storage;

/// <summary>
/// A received file: the one part <c>file</c> of a multipart body, buffered in a temporary file, so that its content can be looked at before it is kept.
/// As long as it is not disposed of it holds one of the places of <see cref="UploadAdmission"/>.
/// </summary>
public sealed class Upload : IAsyncDisposable
{
    /// <summary>What no upload of any service is larger than, in bytes.</summary>
    public const long LargestSize = 10 * 1024 * 1024;

    /// <summary>How many uploads one instance takes at a time.</summary>
    public const int Places = 8;

    /// <summary>What all uploads under way can keep together, in bytes; deploy/ gives <c>/tmp</c> no less (tests/Deployment.Tests).</summary>
    public const long Room = Places * LargestSize;

    private readonly IDisposable _place;

    private Upload(string fileName, Stream content, IDisposable place)
    {
        FileName = fileName;
        Content = content;
        _place = place;
    }

    /// <summary>What the client calls it, maybe nothing: see <see cref="FileNames"/>.</summary>
    public string FileName { get; }

    /// <summary>Seekable, at its beginning.</summary>
    public Stream Content { get; }

    /// <returns>The file, or the 400, 408, 413, 415, 429 or 503 that says why there is none.</returns>
    public static async Task<ProblemOr<Upload>> ReceiveAsync(
        HttpRequest request, long maximumSize, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            return Problems.Of(StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", "Send multipart/form-data.");
        }

        if (HeaderUtilities.RemoveQuotes(type.Boundary) is not { Length: > 0 and <= 70 } boundary)
        {
            return Malformed();
        }

        var services = request.HttpContext.RequestServices;
        if ((await services.GetRequiredService<UploadAdmission>().EnterAsync(request.HttpContext.User.Id(), cancellationToken)).IsProblem(out var busy, out var place))
        {
            return busy;
        }

        var configuration = services.GetRequiredService<IConfiguration>();
        var time = configuration.GetValue("Uploads:Time", TimeSpan.FromSeconds(90));
        using var limit = new CancellationTokenSource(time, services.GetRequiredService<TimeProvider>());
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        Upload? upload = null;
        try
        {
            var received = await ReadAsync(
                new MultipartReader(boundary.ToString(), request.Body), maximumSize, UploadBuffer.FolderOf(configuration), place, either.Token);
            received.IsProblem(out _, out upload);
            return received;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return Problems.Of(
                StatusCodes.Status408RequestTimeout, ProblemCodes.Of(StatusCodes.Status408RequestTimeout), $"The upload took longer than {time.TotalSeconds:0} seconds.");
        }
        catch (Exception e) when (e is InvalidDataException or (IOException and not BadHttpRequestException))
        {
            return Malformed();
        }
        finally
        {
            if (upload is null)
            {
                place.Dispose();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Content.DisposeAsync();
        _place.Dispose();
    }

    private static async Task<ProblemOr<Upload>> ReadAsync(
        MultipartReader body, long maximumSize, string folder, IDisposable place, CancellationToken cancellationToken)
    {
        if (await body.ReadNextSectionAsync(cancellationToken) is not { } part
            || !ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition)
            || HeaderUtilities.RemoveQuotes(disposition.Name) != "file")
        {
            return NotOneFile();
        }

        var content = UploadBuffer.Open(folder);
        Upload? upload = null;
        try
        {
            if (!await content.FillAsync(part.Body, maximumSize, cancellationToken))
            {
                return Problems.Of(StatusCodes.Status413PayloadTooLarge, "payload_too_large", $"The file is larger than {maximumSize} bytes.");
            }

            if (await body.ReadNextSectionAsync(cancellationToken) is not null)
            {
                return NotOneFile();
            }

            var name = disposition.FileNameStar.HasValue ? disposition.FileNameStar.ToString() : FileNames.Unescape(disposition.FileName.ToString());
            upload = new Upload(FileNames.Shown(name), content, place);
            return upload;
        }
        finally
        {
            if (upload is null)
            {
                await content.DisposeAsync();
            }
        }
    }

    private static ProblemHttpResult NotOneFile() => Problems.Invalid("file", new Violation("wrong_form", "The body must have exactly one part, and its name must be file."));

    private static ProblemHttpResult Malformed() => Problems.BadRequest(ProblemCodes.Malformed, "The body is not well-formed multipart/form-data.");
}
