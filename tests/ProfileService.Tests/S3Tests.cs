using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Explaino.Testing;

namespace Explaino.ProfileService.Tests;

/// <summary>The same scenarios with the files in a bucket of s3rver, a server of the S3 protocol.</summary>
public sealed class S3Tests(S3Host host) : ResumeScenarios(host), IClassFixture<S3Host>;

public sealed class S3Host : ServiceHost<Program>
{
    private readonly Process _server;

    public S3Host()
        : this(FreePort())
    {
    }

    private S3Host(int port)
        : base(Service.Profile, new Dictionary<string, string?>
        {
            ["Storage:Mode"] = "s3",
            ["Storage:S3:ServiceUrl"] = $"http://127.0.0.1:{port}",
            ["Storage:S3:Bucket"] = "explaino",
            ["Storage:S3:AccessKey"] = "S3RVER",
            ["Storage:S3:SecretKey"] = "S3RVER",
        }) => _server = Start(port);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _server.Kill(entireProcessTree: true);
        _server.Dispose();
        GC.SuppressFinalize(this);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Process Start(int port)
    {
        var program = Path.Combine(NpmPackages.InstallAsync("tests", "ProfileService.Tests", "s3").GetAwaiter().GetResult(), "s3rver", "bin", "s3rver.js");
        var data = Directory.CreateTempSubdirectory("explaino-s3-").FullName;
        return Process.Start(new ProcessStartInfo(
            "node", [program, "--silent", "-a", "127.0.0.1", "-p", $"{port}", "-d", data, "--configure-bucket", "explaino"]))!;
    }
}
