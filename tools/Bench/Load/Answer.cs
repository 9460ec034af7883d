using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Explaino.Bench.Load;

/// <summary>An answer that is read, which the closed loops do not.</summary>
internal static class Answer
{
    public static JsonElement Ask(this HttpConnection connection, byte[] request)
    {
        var status = connection.Exchange(request);
        var body = Whole(connection.Body);
        return status is >= 200 and < 300
            ? JsonDocument.Parse(body).RootElement
            : throw new InvalidOperationException(
                $"{Encoding.UTF8.GetString(request).Split('\n')[0]} was answered {status}: {Encoding.UTF8.GetString(body)}");
    }

    private static byte[] Whole(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty || body[0] == (byte)'{')
        {
            return body.ToArray();
        }

        var whole = new List<byte>();
        while (body.IndexOf("\r\n"u8) is > 0 and var end && int.Parse(body[..end], NumberStyles.HexNumber) is > 0 and var size)
        {
            whole.AddRange(body.Slice(end + 2, size));
            body = body[(end + 2 + size + 2)..];
        }

        return [.. whole];
    }
}
