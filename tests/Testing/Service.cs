using Explaino.AppHost;

namespace Explaino.Testing;

/// <summary>The fixed names of one service: its project, its name in configuration, and its database; those of the catalogue, and the gateway.</summary>
public sealed record Service(string Name, string Project, string Database)
{
    /// <summary>Every service of the catalogue, in its order.</summary>
    public static readonly IReadOnlyList<Service> WithDatabase =
        [.. Catalogue.Read(Repository.PathTo("deploy", "services")).Select(line => new Service(line.Name, line.Project, line.Database) { KeepsFiles = line.KeepsFiles })];

    public static readonly Service Gateway = new("gateway", "Gateway", "");

    public static readonly Service Identity = Named("identity");
    public static readonly Service Wallet = Named("wallet");
    public static readonly Service Profile = Named("profile");
    public static readonly Service Jobs = Named("jobs");
    public static readonly Service Chat = Named("chat");

    /// <summary>The gateway, then the services.</summary>
    public static readonly IReadOnlyList<Service> All = [Gateway, .. WithDatabase];

    /// <summary>Whether it takes uploads.</summary>
    public bool KeepsFiles { get; private init; }

    public string ConnectionStringKey => $"ConnectionStrings:{Database}db";

    public string AddressKey => $"services:{Name}:http:0";

    public static Service Named(string name) => WithDatabase.Single(service => service.Name == name);

    /// <summary>The same service as another version of it, published into this folder.</summary>
    public Service PublishedIn(string folder) => this with { Folder = folder };

    private string? Folder { get; init; }

    // What was built beside the tests; or, if EXPLAINO_PUBLISHED names the runtime that it was published for, what is deployed.
    public string Assembly => Path.Combine(
        Folder is not null ? Path.Combine(Folder, Project)
        : Environment.GetEnvironmentVariable("EXPLAINO_PUBLISHED") is { Length: > 0 } runtime
            ? Repository.PathTo("artifacts", "publish", Project, $"release_{runtime}")
            : Repository.OutputOf(Project),
        $"{Project}.dll");
}
