using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Explaino.ServiceDefaults.Http;

/// <summary>
/// Content coding: answers of JSON and text of 1 KiB and more are compressed where the client takes <c>br</c> or <c>gzip</c> (docs/adr/0052). Entity tags stay what they are.
/// </summary>
/// <remarks>The framework's middleware knows no least size, and looks at every answer; this one looks at routes that ask for it.</remarks>
public static class Compression
{
    private const int LeastSize = 1024;

    /// <summary>Lets the answers of these routes be compressed; files among them never are, by their types.</summary>
    public static TBuilder Compressed<TBuilder>(this TBuilder routes) where TBuilder : IEndpointConventionBuilder => routes.WithMetadata(new CompressionMetadata(true));

    /// <summary>For answers with tokens: their size beside what a stranger can make them hold would tell of them (BREACH).</summary>
    public static TBuilder NeverCompressed<TBuilder>(this TBuilder routes) where TBuilder : IEndpointConventionBuilder => routes.WithMetadata(new CompressionMetadata(false));

    /// <summary>After routing, which knows the route.</summary>
    internal static void UseCompression(this WebApplication app) => app.Use((http, next) =>
        http.GetEndpoint()?.Metadata.GetMetadata<CompressionMetadata>() is { IsAllowed: true } ? CompressAsync(http, next) : next(http));

    private static async Task CompressAsync(HttpContext http, RequestDelegate next)
    {
        var direct = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        await using var body = new CompressingStream(http.Response, direct, CodingOf(http.Request.Headers.AcceptEncoding));
        var feature = new StreamResponseBodyFeature(body, direct);
        http.Features.Set<IHttpResponseBodyFeature>(feature);
        try
        {
            await next(http);
            await feature.CompleteAsync();
            await body.FinishAsync(http.RequestAborted);
        }
        finally
        {
            http.Features.Set(direct);
        }
    }

    /// <summary>The better one of those that the client takes; null for none.</summary>
    private static string? CodingOf(StringValues accepted)
    {
        var codings = StringWithQualityHeaderValue.TryParseList(accepted, out var all) ? all : [];
        return Array.Find(["br", "gzip"], coding => codings.Any(one => one.Value.Equals(coding, StringComparison.OrdinalIgnoreCase) && one.Quality != 0));
    }

    private sealed record CompressionMetadata(bool IsAllowed);

    /// <summary>Holds an answer's beginning back until it is known whether it is worth it.</summary>
    private sealed class CompressingStream(HttpResponse response, IHttpResponseBodyFeature direct, string? coding) : Stream
    {
        private readonly MemoryStream _beginning = new();
        private Stream? _target;

        private bool IsText => response.ContentType is { } type
            && (type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) || type.StartsWith("application/ld+json", StringComparison.OrdinalIgnoreCase)
                || type.StartsWith("application/problem+json", StringComparison.OrdinalIgnoreCase) || type.StartsWith("text/", StringComparison.OrdinalIgnoreCase));

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_target is null && IsText && _beginning.Length + buffer.Length < LeastSize)
            {
                _beginning.Write(buffer.Span);
                return;
            }

            await (_target ?? await BeginAsync(isLarge: IsText, cancellationToken)).WriteAsync(buffer, cancellationToken);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        // Text is not sent in parts for its own sake; all else is passed on as it comes.
        public override async Task FlushAsync(CancellationToken cancellationToken)
        {
            if (!IsText && response.ContentType is not null)
            {
                await (_target ?? await BeginAsync(isLarge: false, cancellationToken)).FlushAsync(cancellationToken);
            }
        }

        /// <summary>Sends what is left. What turned out small goes as it is.</summary>
        public async Task FinishAsync(CancellationToken cancellationToken)
        {
            if (_target is null && _beginning.Length > 0)
            {
                response.ContentLength ??= _beginning.Length;
                await BeginAsync(isLarge: false, cancellationToken);
            }
            else if (_target is null && IsText && response.ContentLength >= LeastSize && !response.HasStarted)
            {
                // HEAD of what would be written at once: the headers are those of GET.
                Announce();
            }
            else if (_target is not null && _target != direct.Stream)
            {
                await _target.DisposeAsync();
            }
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
            // Asynchronously only.
        }

        private async Task<Stream> BeginAsync(bool isLarge, CancellationToken cancellationToken)
        {
            _target = isLarge && Announce() is { } chosen ? StreamOf(chosen) : direct.Stream;
            _beginning.Position = 0;
            await _beginning.CopyToAsync(_target, cancellationToken);
            return _target;
        }

        /// <summary>Says in which coding the answer comes; null as it is.</summary>
        private string? Announce()
        {
            if (response.Headers.ContentEncoding.Count > 0)
            {
                return null;
            }

            response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
            if (coding is not null)
            {
                response.Headers.ContentEncoding = coding;
                response.ContentLength = null;
            }

            return coding;
        }

        private Stream StreamOf(string chosen) => chosen == "br"
            ? new BrotliStream(direct.Stream, CompressionLevel.Fastest, leaveOpen: true)
            : new GZipStream(direct.Stream, CompressionLevel.Fastest, leaveOpen: true);
    }
}
