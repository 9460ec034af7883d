namespace Explaino.JobBoardService.Images;

/// <summary>Reads a file from front to back and keeps parts of it, moved together at the front of its buffer.</summary>
/// <param name="buffer">The file, behind <see cref="Room"/>.</param>
internal ref struct Rewriter(Span<byte> buffer)
{
    /// <summary>Free bytes before the file: what takes the place of a part may be longer than that was.</summary>
    public const int Room = 128;

    private readonly Span<byte> _buffer = buffer;
    private int _read = Room;

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

    /// <summary>Puts something in the place of what was dropped; once or twice a file, so that there is room for it.</summary>
    public void Write(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer[Written.._read]);
        Written += bytes.Length;
    }
}
