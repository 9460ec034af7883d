using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Explaino.Testing;

/// <summary>s3rver, a server of the S3 protocol, with one bucket.</summary>
public sealed class S3Server : IDisposable
{
    private const string Bucket = "explaino";

    private readonly int _port = FreePort();
    private readonly Process _server;

    public S3Server()
    {
        var program = Path.Combine(NpmPackages.InstallAsync("tests", "Testing", "s3").GetAwaiter().GetResult(), "s3rver", "bin", "s3rver.js");
        _server = Process.Start(new ProcessStartInfo(
            "node", [program, "--silent", "-a", "127.0.0.1", "-p", $"{_port}", "-d", Folder, "--configure-bucket", Bucket]))!;
    }

    /// <summary>Where it keeps what it holds.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("explaino-s3-").FullName;

    public Dictionary<string, string?> Settings => new()
    {
        ["Storage:Mode"] = "s3",
        ["Storage:S3:ServiceUrl"] = $"http://127.0.0.1:{_port}",
        ["Storage:S3:Bucket"] = Bucket,
        ["Storage:S3:AccessKey"] = "S3RVER",
        ["Storage:S3:SecretKey"] = "S3RVER",
    };

    /// <summary>The objects of the bucket.</summary>
    public IReadOnlyList<string> Objects =>
        [.. Directory.GetFiles(Folder, "*._S3rver_object", SearchOption.AllDirectories).Select(file => Path.GetFileName(file)[..^"._S3rver_object".Length])];

    public void Stop()
    {
        if (!_server.HasExited)
        {
            _server.Kill(entireProcessTree: true);
            _server.WaitForExit();
        }
    }

    public void Dispose()
    {
        Stop();
        _server.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
