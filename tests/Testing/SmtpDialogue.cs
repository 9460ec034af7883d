using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Text;

namespace Explaino.Testing;

/// <summary>One connection; a violation of the protocol ends it.</summary>
internal sealed class SmtpDialogue(SmtpServer server, Stream stream)
{
    private Stream _stream = stream;
    private PipeReader _lines = PipeReader.Create(stream);
    private bool _greeted, _encrypted, _authenticated, _international;
    private string? _sender, _recipient;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await SayAsync("220 localhost ESMTP");
        while (await ReadLineAsync(512, cancellationToken) is { } line)
        {
            server.Heard(line);
            var answer = await ObeyAsync(line, cancellationToken);
            await SayAsync(answer);
            if (answer.StartsWith("220", StringComparison.Ordinal))
            {
                await EncryptAsync(cancellationToken);
            }
            else if (answer.StartsWith("221", StringComparison.Ordinal))
            {
                return;
            }
        }
    }

    private async Task<string> ObeyAsync(string line, CancellationToken cancellationToken)
    {
        switch (line.Split(' ', ':')[0].ToUpperInvariant())
        {
            case "EHLO" when line.Contains('.') || line.Contains('['):
                _greeted = true;
                return Extensions();
            case "STARTTLS" when _greeted && server.Certificate is not null && !_encrypted:
                return "220 2.0.0 Go ahead";
            case "AUTH" when _greeted && line.StartsWith("AUTH PLAIN ", StringComparison.OrdinalIgnoreCase):
                _authenticated = true;
                return "235 2.7.0 Accepted";
            case "MAIL" when _greeted && _sender is null:
                return Begin(line);
            case "RCPT" when _sender is not null && _recipient is null:
                return await AddressAsync(line, cancellationToken);
            case "DATA" when _recipient is not null:
                return await TakeAsync(cancellationToken);
            case "QUIT" when server.HangsAtTheEnd:
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return "";
            case "QUIT":
                return "221 2.0.0 Bye";
            default:
                return "503 5.5.1 Not now";
        }
    }

    private string Extensions()
    {
        string[] offered =
        [
            "localhost", "AUTH PLAIN",
            .. server.Certificate is not null && !_encrypted ? ["STARTTLS"] : Array.Empty<string>(),
            .. server.TakesInternationalAddresses ? ["8BITMIME", "SMTPUTF8"] : Array.Empty<string>(),
        ];
        return $"{string.Concat(offered[..^1].Select(word => $"250-{word}\r\n"))}250 {offered[^1]}";
    }

    private string Begin(string line)
    {
        if (server.TurnsAway())
        {
            return "451 4.3.0 Later";
        }

        _international = server.TakesInternationalAddresses && line.EndsWith(" SMTPUTF8", StringComparison.Ordinal);
        _sender = AddressIn(line);
        return _sender is null ? "501 5.1.7 No address" : "250 2.1.0 Ok";
    }

    private async Task<string> AddressAsync(string line, CancellationToken cancellationToken)
    {
        _recipient = AddressIn(line);
        if (_recipient is null || !server.HasAnswerFor(_recipient, out var answer))
        {
            return _recipient is null ? "501 5.1.3 No address" : "250 2.1.5 Ok";
        }

        if (answer is null)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        _recipient = null;
        return answer!;
    }

    private string? AddressIn(string line) =>
        line.IndexOf('<') is > 0 and var start && line.IndexOf('>') is var end && end > start + 1 && (_international || Ascii.IsValid(line))
            ? line[(start + 1)..end]
            : null;

    private async Task<string> TakeAsync(CancellationToken cancellationToken)
    {
        await SayAsync("354 End with .");
        var mail = new StringBuilder();
        while (await ReadLineAsync(1000, cancellationToken) is { } line)
        {
            if (line == ".")
            {
                server.Take(new(_sender!, _recipient!, mail.ToString(), _encrypted, _authenticated));
                (_sender, _recipient) = (null, null);
                return "250 2.0.0 Taken";
            }

            mail.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        }

        throw new IOException("The connection ended inside a mail.");
    }

    private async Task EncryptAsync(CancellationToken cancellationToken)
    {
        var encrypted = new SslStream(_stream);
        await encrypted.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = server.Certificate }, cancellationToken);
        (_stream, _lines, _encrypted, _greeted) = (encrypted, PipeReader.Create(encrypted), true, false);
    }

    private async Task SayAsync(string answer) => await _stream.WriteAsync(Encoding.ASCII.GetBytes($"{answer}\r\n"));

    private async Task<string?> ReadLineAsync(int limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await _lines.ReadAsync(cancellationToken);
            if (LineIn(read.Buffer, out var rest) is { } line)
            {
                _lines.AdvanceTo(rest);
                if (line.Length + 2 > limit || line.AsSpan().IndexOfAny('\r', '\n') >= 0)
                {
                    await SayAsync("521 5.5.2 A bare CR or LF, or too long a line");
                    throw new IOException($"Not a line of RFC 5321: {line}");
                }

                return line;
            }

            if (read.IsCompleted)
            {
                return null;
            }

            _lines.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static string? LineIn(ReadOnlySequence<byte> buffer, out SequencePosition rest)
    {
        var reader = new SequenceReader<byte>(buffer);
        var line = reader.TryReadTo(out ReadOnlySequence<byte> bytes, "\r\n"u8) ? Encoding.UTF8.GetString(bytes) : null;
        rest = reader.Position;
        return line;
    }
}
