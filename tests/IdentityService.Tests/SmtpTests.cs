using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using Explaino.Testing;

namespace Explaino.IdentityService.Tests;

public sealed class SmtpTests
{
    [Fact]
    public async Task A_mail_that_the_server_did_not_take_is_sent_again_until_it_does()
    {
        using var server = new SmtpServer();
        var clock = new TestClock();
        await using var host = new ServiceHost<Program>(
            Service.Identity,
            new Dictionary<string, string?>
            {
                ["Passwords:Iterations"] = "1000",
                ["Mail:Mode"] = "smtp",
                ["Mail:Host"] = "127.0.0.1",
                ["Mail:Port"] = $"{server.Port}",
                ["Mail:From"] = "hello@explaino.example",
            },
            clock);
        await host.InitializeAsync();
        using var client = host.Anonymous();
        var registration = IdentityHost.NewRegistration();
        using var registered = await client.PostAsJsonAsync("/api/auth/register", registration);

        // More refusals than codes are made in an hour: trying again is not asking again.
        server.Refusals = 7;
        using var forgot = await client.PostAsJsonAsync("/api/auth/password/forgot", new { email = (string)registration["email"]! });

        Assert.Equal(HttpStatusCode.Accepted, forgot.StatusCode);
        await Eventually.TrueAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromMinutes(1));
                return server.Mails.Count > 0;
            },
            TimeSpan.FromSeconds(60));
        var mail = Assert.Single(server.Mails);
        Assert.Contains("From: hello@explaino.example", mail, StringComparison.Ordinal);
        Assert.Contains($"To: {(string)registration["email"]!}", mail, StringComparison.Ordinal);
    }

    /// <summary>As much of RFC 5321 as a client that sends one plain mail needs.</summary>
    private sealed class SmtpServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly List<string> _mails = [];
        private int _refusals;

        public SmtpServer()
        {
            _listener.Start();
            _ = AcceptAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        /// <summary>How many senders are still turned away.</summary>
        public int Refusals
        {
            set => Volatile.Write(ref _refusals, value);
        }

        public IReadOnlyList<string> Mails
        {
            get
            {
                lock (_mails)
                {
                    return [.. _mails];
                }
            }
        }

        public void Dispose() => _listener.Dispose();

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync();
                    await TalkAsync(client.GetStream());
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }

        private async Task TalkAsync(NetworkStream stream)
        {
            using var reader = new StreamReader(stream, Encoding.ASCII);
            await using var writer = new StreamWriter(stream, Encoding.ASCII) { NewLine = "\r\n", AutoFlush = true };
            await writer.WriteLineAsync("220 test");
            while (await reader.ReadLineAsync() is { } line)
            {
                switch (line.Split(' ', ':')[0].ToUpperInvariant())
                {
                    case "MAIL" when Interlocked.Decrement(ref _refusals) >= 0:
                        await writer.WriteLineAsync("451 later");
                        break;
                    case "DATA":
                        await writer.WriteLineAsync("354 go on");
                        await ReadMailAsync(reader);
                        await writer.WriteLineAsync("250 taken");
                        break;
                    case "QUIT":
                        await writer.WriteLineAsync("221 bye");
                        return;
                    default:
                        await writer.WriteLineAsync("250 test");
                        break;
                }
            }
        }

        private async Task ReadMailAsync(StreamReader reader)
        {
            var mail = new StringBuilder();
            while (await reader.ReadLineAsync() is { } line && line != ".")
            {
                mail.AppendLine(line);
            }

            lock (_mails)
            {
                _mails.Add(mail.ToString());
            }
        }
    }
}
