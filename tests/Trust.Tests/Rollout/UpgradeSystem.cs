using Explaino.Testing;
using Npgsql;

namespace Explaino.Trust.Tests.Rollout;

/// <summary>Two instances of everything, all of the last release at first, on the databases that it made.</summary>
public sealed class UpgradeSystem : ExplainoSystem
{
    private string _folder = "";

    protected override int Instances => 2;

    protected override Dictionary<string, string?> Settings { get; } = new()
    {
        // Probes of two gateways to twelve instances are a load of their own.
        ["Shutdown:Drain"] = "00:00:04",
        ["Forwarding:ProbeInterval"] = "00:00:01",
        ["Passwords:MemorySize"] = "64",

        // No process lives long enough to gain from instrumented code.
        ["DOTNET_TieredPGO"] = "0",
    };

    public override async ValueTask InitializeAsync()
    {
        _folder = (await Command.RunAsync(Repository.PathTo("deploy", "local", "released"), [], limit: TimeSpan.FromMinutes(20))).Trim();
        await base.InitializeAsync();
    }

    /// <summary>The service as it was released.</summary>
    internal Service Released(Service service) => service.PublishedIn(_folder);

    internal async Task ExecuteAsync(Service service, string sql)
    {
        await using var source = NpgsqlDataSource.Create(Databases[service].SuperuserConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    protected override Service VersionOf(Service service) => Released(service);
}
