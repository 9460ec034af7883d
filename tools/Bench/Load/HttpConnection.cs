using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Explaino.Bench.Load;

/// <summary>
/// HTTP/1.1 on a blocking socket, one request after the other: the machine is shared with what is measured, so that whoever asks must cost next to
/// nothing.
/// </summary>
internal sealed class HttpConnection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _buffer = new byte[64 * 1024];
    private int _length;
    private int _bodyStart;

    public HttpConnection(int port)
    {
        _socket.ReceiveTimeout = 30_000;
        _socket.Connect(IPAddress.Loopback, port);
    }

    /// <summary>The answer's body, chunk sizes included where it came in chunks.</summary>
    public ReadOnlySpan<byte> Body => _buffer.AsSpan(_bodyStart, _length - _bodyStart);

    /// <returns>The status.</returns>
    public int Exchange(ReadOnlySpan<byte> request)
    {
        while (!request.IsEmpty)
        {
            request = request[_socket.Send(request)..];
        }

        _length = _bodyStart = 0;
        long? end = null;
        while (end is null || (end >= 0 ? _length < end : !_buffer.AsSpan(0, _length).EndsWith("0\r\n\r\n"u8)))
        {
            Receive();
            end ??= FindEnd();
        }

        return int.Parse(_buffer.AsSpan(9, 3), CultureInfo.InvariantCulture);
    }

    public void Dispose() => _socket.Dispose();

    private void Receive()
    {
        if (_length == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var received = _socket.Receive(_buffer.AsSpan(_length));
        _length += received > 0 ? received : throw new IOException("The connection was closed.");
    }

    /// <returns>How long the whole answer is; -1 if only its last chunk will tell; null before its headers are there.</returns>
    private long? FindEnd()
    {
        var headers = _buffer.AsSpan(0, _length);
        if (headers.IndexOf("\r\n\r\n"u8) is not (>= 0 and var headersEnd))
        {
            return null;
        }

        _bodyStart = headersEnd + 4;
        headers = headers[..headersEnd];
        if (headers.IndexOf("\r\nTransfer-Encoding: chunked"u8) >= 0)
        {
            return -1;
        }

        var at = headers.IndexOf("\r\nContent-Length: "u8);
        return at < 0 ? _bodyStart : _bodyStart + Number(headers[(at + "\r\nContent-Length: ".Length)..]);
    }

    private static long Number(ReadOnlySpan<byte> text) =>
        long.Parse(text[..(text.IndexOf((byte)'\r') is >= 0 and var end ? end : text.Length)], CultureInfo.InvariantCulture);
}

/// <summary>Requests as they go over the wire.</summary>
internal static class Request
{
    /// <param name="coding">What may come compressed, and how; null: nothing.</param>
    public static byte[] Get(string path, string? token = null, string? coding = null) =>
        Encoding.UTF8.GetBytes($"GET {path} HTTP/1.1\r\n{Headers(token)}{(coding is null ? "" : $"Accept-Encoding: {coding}\r\n")}\r\n");

    public static byte[] Post(string path, string? token, string json, Guid? key = null) => Send("POST", path, token, json, key);

    public static byte[] Send(string method, string path, string? token, string json, Guid? key = null) => Encoding.UTF8.GetBytes(
        $"{method} {path} HTTP/1.1\r\n{Headers(token)}{(key is null ? "" : $"Idempotency-Key: {key}\r\n")}"
        + $"Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}");

    private static string Headers(string? token) => $"Host: localhost\r\n{(token is null ? "" : $"Authorization: Bearer {token}\r\n")}";
}
