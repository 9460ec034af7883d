namespace Explaino.JobBoardService.Images;

/// <summary>Reads a buffer from front to back and keeps parts of it, moved together at its front.</summary>
internal ref struct Rewriter(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;
    private int _read;

    public int Written { get; private set; }

    public readonly ReadOnlySpan<byte> Rest => _buffer[_read..];

    /// <summary>The next bytes, to be looked at before they are kept or dropped; false if there are not so many.</summary>
    public readonly bool TryPeek(long count, out ReadOnlySpan<byte> bytes)
    {
        var enough = count >= 0 && count <= _buffer.Length - _read;
        bytes = enough ? _buffer.Slice(_read, (int)count) : default;
        return enough;
    }

    public void Drop(int count) => _read += count;

    public void Keep(int count)
    {
        _buffer.Slice(_read, count).CopyTo(_buffer[Written..]);
        _read += count;
        Written += count;
    }

    /// <summary>Puts something in the place of what was dropped; false if that was shorter.</summary>
    public bool TryWrite(scoped ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _read - Written)
        {
            return false;
        }

        bytes.CopyTo(_buffer[Written..]);
        Written += bytes.Length;
        return true;
    }
}
