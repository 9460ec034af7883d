using Microsoft.AspNetCore.Http;

namespace Explaino.ServiceDefaults.Json;

/// <summary>Buffered request body: it keeps what was read of it, up to a limit, for who has to look at it again.</summary>
internal sealed class BufferedBody(Stream body, long maximumSize) : Stream
{
    /// <summary>No body that keeps the contract's limits is larger, but lists; of one that is, only the first fault is told (docs/adr/0051).</summary>
    public const int UsualSize = 256 * 1024;

    private readonly MemoryStream _copy = new();
    private bool _isComplete = true;

    /// <summary>What has been read so far; null where that was too much.</summary>
    public static ReadOnlyMemory<byte>? Of(HttpRequest request) =>
        request.HttpContext.Features.Get<BufferedBody>() is { _isComplete: true } body ? body._copy.GetBuffer().AsMemory(0, (int)body._copy.Length) : null;

    public static void Begin(HttpRequest request, long maximumSize)
    {
        var body = new BufferedBody(request.Body, maximumSize);
        request.HttpContext.Features.Set(body);
        request.Body = body;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await body.ReadAsync(buffer, cancellationToken);
        _isComplete &= _copy.Length + count <= maximumSize;
        if (_isComplete)
        {
            _copy.Write(buffer.Span[..count]);
        }

        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
        // Nothing is ever written.
    }
}
