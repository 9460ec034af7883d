namespace Explaino.AppHost;

/// <summary>
/// Servers that run elsewhere, with databases and roles that are there already: connection strings are configured, <c>messaging</c> for the
/// broker, and <c>walletdb</c> and <c>walletdb_owner</c> for each database.
/// </summary>
internal sealed class ExternalServers(IDistributedApplicationBuilder builder) : Servers
{
    public override IResourceBuilder<IResourceWithConnectionString> Broker { get; } = builder.AddConnectionString("messaging");

    public override Database AddDatabase(string name) => new(
        builder.AddConnectionString($"{name}db"),
        builder.AddConnectionString($"{name}db-owner", $"ConnectionStrings__{name}db_owner").Resource.ConnectionStringExpression);

    public override void Await(IResourceBuilder<ExecutableResource> migrations)
    {
    }
}
