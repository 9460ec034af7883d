using System.Text;

namespace Explaino.Gateway.Forwarding;

/// <summary>
/// Decoding of a request's <c>Connection</c> so that its names can be seen (RFC 9110 section 7.6.1): where one option alone stands beside names, be it in another
/// line, Kestrel keeps the option and forgets the names. Of two options it forgets nothing.
/// </summary>
/// <remarks>An encoding is the one place where the header can be had before Kestrel has looked at it.</remarks>
internal sealed class ConnectionHeaderEncoding : Encoding
{
    private const string KeepAlive = "keep-alive";

    public override int GetByteCount(char[] chars, int index, int count) => Latin1.GetByteCount(chars, index, count);

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) => Latin1.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetCharCount(byte[] bytes, int index, int count) => Readable(Latin1.GetString(bytes, index, count)).Length;

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        var text = Readable(Latin1.GetString(bytes, byteIndex, byteCount));
        text.CopyTo(0, chars, charIndex, text.Length);
        return text.Length;
    }

    public override int GetMaxByteCount(int charCount) => charCount;

    public override int GetMaxCharCount(int byteCount) => byteCount + KeepAlive.Length + 1;

    /// <summary><c>keep-alive</c> says nothing beside <c>close</c> or <c>upgrade</c>, nor alone: HTTP/1.1 keeps a connection, HTTP/1.0 opens another.</summary>
    private static string Readable(string connection)
    {
        var words = connection.Split(',', StringSplitOptions.TrimEntries).Where(word => !Is(word, KeepAlive)).ToList();
        return string.Join(',', words.Exists(word => Is(word, "close") || Is(word, "upgrade")) ? [.. words, KeepAlive] : words);
    }

    private static bool Is(string word, string option) => word.Equals(option, StringComparison.OrdinalIgnoreCase);
}
