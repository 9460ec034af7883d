using Microsoft.Extensions.Configuration;

namespace Explaino.AppHost;

/// <summary>
/// Servers that run elsewhere, with databases and roles that are there already: connection strings are configured, <c>messaging</c> for the
/// broker, and <c>walletdb</c> and <c>walletdb_owner</c> for each database.
/// </summary>
internal sealed class ExternalServers(IDistributedApplicationBuilder builder) : Servers
{
    public override IResourceBuilder<IResourceWithConnectionString> Broker { get; } = builder.AddConnectionString("messaging");

    // A connection string's own resource would look for the name of the resource, which holds no underscore, as a variable's name holds no dash.
    public override Database AddDatabase(string name)
    {
        var owner = builder.AddParameter(
            $"{name}db-owner",
            () => builder.Configuration.GetConnectionString($"{name}db_owner")
                ?? throw new DistributedApplicationException($"ConnectionStrings__{name}db_owner is not set: external servers need it for the migrations."),
            secret: true);
        return new(builder.AddConnectionString($"{name}db"), ReferenceExpression.Create($"{owner}"));
    }

    public override void Await(IResourceBuilder<ExecutableResource> migrations)
    {
    }
}
