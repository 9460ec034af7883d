using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Explaino.Testing;

namespace Explaino.ProfileService.Tests;

/// <summary>ProfileService whose unfinished uploads can be counted: they lie in a folder of its own, unlinked, so that only their handles show them.</summary>
public sealed class UploadHost : ServiceHost<Program>
{
    private readonly string _uploads;

    public UploadHost()
        : this([])
    {
    }

    private UploadHost(Dictionary<string, string?> settings)
        : this(settings, Directory.CreateTempSubdirectory("explaino-uploads-").FullName)
    {
    }

    private UploadHost(Dictionary<string, string?> settings, string folder)
        : base(Service.Profile, new Dictionary<string, string?>(settings.Concat(
            new Dictionary<string, string?>
            {
                ["Uploads:Folder"] = folder,
                ["Uploads:Wait"] = "00:00:01",
                ["Storage:Folder"] = Path.Combine(folder, "kept"),
            }.ExceptBy(settings.Keys, setting => setting.Key)))) =>
        _uploads = Path.Combine(settings.GetValueOrDefault("Uploads:Folder") ?? folder, "explaino-upload-");

    public static UploadHost With(string setting, string value) => new(new Dictionary<string, string?> { [setting] = value });

    public int FilesKept() => Kept().Count();

    public long BytesKept() => Kept().Sum();

    // The length of each upload that is open. Other tests of this process close handles meanwhile.
    private IEnumerable<long> Kept()
    {
        foreach (var handle in Directory.GetFiles("/proc/self/fd"))
        {
            long length;
            try
            {
                if (File.ResolveLinkTarget(handle, returnFinalTarget: false)?.FullName.StartsWith(_uploads, StringComparison.Ordinal) is not true)
                {
                    continue;
                }

                length = new FileInfo(handle).Length;
            }
            catch (IOException)
            {
                continue;
            }

            yield return length;
        }
    }
}

/// <summary>
/// A client whose upload stops before its last bytes until it is told to finish; on a bare socket, because HttpClient reads no answer before it has sent
/// everything.
/// </summary>
internal sealed class SlowUpload : IAsyncDisposable
{
    private readonly TcpClient _socket = new();
    private readonly TaskCompletionSource _finish = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _sent;

    private SlowUpload(UploadHost host, TestUser user, byte[] file)
    {
        var connected = _socket.ConnectAsync(host.Address.Host, host.Address.Port);
        _sent = SendAsync(connected, host.TokenFor(user), file);
        Answer = ReadAsync(connected);
    }

    public Task<HttpResponseMessage> Answer { get; }

    public static SlowUpload Start(UploadHost host, TestUser user, byte[] file) => new(host, user, file);

    public void Finish() => _finish.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        Finish();
        await Task.WhenAll(_sent, Answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Dispose();
    }

    private async Task SendAsync(Task connected, string token, byte[] file)
    {
        await connected;
        byte[] head = [.. "--slow\r\nContent-Disposition: form-data; name=\"file\"; filename=\"cv.pdf\"\r\n\r\n"u8], tail = [.. "\r\n--slow--\r\n"u8];
        var stream = _socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"PUT /api/profiles/me/resume HTTP/1.0\r\nAuthorization: Bearer {token}\r\nContent-Type: multipart/form-data; boundary=slow\r\n"
            + $"Content-Length: {head.Length + file.Length + tail.Length}\r\n\r\n"));
        await stream.WriteAsync(head);
        await stream.WriteAsync(file);
        await _finish.Task;
        await stream.WriteAsync(tail);
    }

    private async Task<HttpResponseMessage> ReadAsync(Task connected)
    {
        await connected;
        using var reader = new StreamReader(_socket.GetStream(), Encoding.UTF8, leaveOpen: true);
        var response = new HttpResponseMessage((HttpStatusCode)int.Parse((await reader.ReadLineAsync())!.Split(' ')[1], CultureInfo.InvariantCulture));
        var headers = new List<string[]>();
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            headers.Add(line.Split(": ", 2));
        }

        response.Content = new StringContent(await ReadToEndAsync(reader));
        foreach (var header in headers)
        {
            response.Content.Headers.Remove(header[0] == "Content-Type" ? header[0] : "X-None");
            _ = response.Headers.TryAddWithoutValidation(header[0], header[1]) || response.Content.Headers.TryAddWithoutValidation(header[0], header[1]);
        }

        return response;
    }

    /// <summary>A server that does not want the rest of a body ends the connection with a reset, after the answer.</summary>
    private static async Task<string> ReadToEndAsync(StreamReader reader)
    {
        var (text, buffer) = (new StringBuilder(), new char[4096]);
        try
        {
            int read;
            while ((read = await reader.ReadAsync(buffer)) > 0)
            {
                text.Append(buffer, 0, read);
            }
        }
        catch (IOException) when (text.Length > 0)
        {
        }

        return text.ToString();
    }
}
