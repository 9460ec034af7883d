using Explaino.Testing;

namespace Explaino.ProfileService.Tests;

/// <summary>The same scenarios with the files in a bucket.</summary>
public sealed class S3Tests(S3Host host) : ResumeScenarios(host), IClassFixture<S3Host>;

public sealed class S3Host : ServiceHost<Program>
{
    private readonly S3Server _server;

    public S3Host() : this(new S3Server())
    {
    }

    private S3Host(S3Server server) : base(Service.Profile, server.Settings) => _server = server;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _server.Dispose();
        GC.SuppressFinalize(this);
    }
}
