using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Explaino.Testing;

/// <summary>A mail as the server took it: its envelope, and its bytes, unstuffed.</summary>
public sealed record ReceivedMail(string Sender, string Recipient, string Text, bool Encrypted, bool Authenticated);

/// <summary>
/// An SMTP server as strict as the strictest (RFC 5321): it breaks off at a bare CR or LF and at a line that is too long, takes no command out of turn, and
/// no letters beyond ASCII unless SMTPUTF8 was agreed on. It can be told to hang, or to refuse.
/// </summary>
public sealed class SmtpServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<ReceivedMail> _mails = [];
    private readonly ConcurrentQueue<string> _commands = [];
    private readonly ConcurrentDictionary<string, string?> _answers = new(StringComparer.OrdinalIgnoreCase);
    private readonly CancellationTokenSource _stop = new();
    private int _refusals;

    public SmtpServer()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Offered by STARTTLS, where there is one.</summary>
    public X509Certificate2? Certificate { get; init; }

    public bool TakesInternationalAddresses { get; init; }

    /// <summary>It takes the mail, and never says goodbye.</summary>
    public bool HangsAtTheEnd { get; init; }

    /// <summary>How many senders are still turned away.</summary>
    public int Refusals
    {
        set => Volatile.Write(ref _refusals, value);
    }

    public IReadOnlyCollection<ReceivedMail> Mails => _mails;

    /// <summary>Every command line that came, of all connections.</summary>
    public IReadOnlyCollection<string> Commands => _commands;

    /// <summary>This recipient is never answered.</summary>
    public void Hang(string recipient) => _answers[recipient] = null;

    public void Refuse(string recipient, string answer) => _answers[recipient] = answer;

    /// <summary>For <c>localhost</c>; nobody trusts it who was not told to.</summary>
    public static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    internal void Heard(string command) => _commands.Enqueue(command);

    internal void Take(ReceivedMail mail) => _mails.Enqueue(mail);

    internal bool TurnsAway() => Interlocked.Decrement(ref _refusals) >= 0;

    internal bool HasAnswerFor(string recipient, out string? answer) => _answers.TryGetValue(recipient, out answer);

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = TalkAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await new SmtpDialogue(this, client.GetStream()).RunAsync(_stop.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
            {
                // The client is gone, or did not like the certificate.
            }
        }
    }
}
