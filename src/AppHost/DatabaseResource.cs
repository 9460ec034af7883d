using Microsoft.Extensions.DependencyInjection;

namespace Explaino.AppHost;

/// <summary>One service's database on a server of this run; the password of each role is its name.</summary>
internal sealed class DatabaseResource(string name, EndpointReference server) : Resource($"{name}db"), IResourceWithConnectionString, IResourceWithParent
{
    public ReferenceExpression ConnectionStringExpression => As(name);

    public ReferenceExpression Owner => As($"{name}_owner");

    public IResource Parent => server.Resource;

    private ReferenceExpression As(string role) => ReferenceExpression.Create(
        $"Host={server.Property(EndpointProperty.IPV4Host)};Port={server.Property(EndpointProperty.Port)};Database={name};Username={role};Password={role}");
}

internal static class DatabaseResources
{
    /// <summary>Runs when the roles and databases are there, and is healthy when it answers the role that serves.</summary>
    public static Database AddDatabase(this IDistributedApplicationBuilder builder, string name, EndpointReference server, IResource provisioned)
    {
        var database = new DatabaseResource(name, server);
        builder.Services.AddHealthChecks().AddNpgSql(
            _ => database.ConnectionStringExpression.GetValueAsync(default).AsTask().GetAwaiter().GetResult() ?? "", name: database.Name);
        var resource = builder.AddResource(database)
            .WithIconName("Database")
            .WithHealthCheck(database.Name)
            .WithInitialState(new() { ResourceType = "Database", Properties = [], State = KnownResourceStates.Waiting })
            .OnInitializeResource(async (_, initialize, cancellationToken) =>
            {
                await initialize.Notifications.WaitForResourceAsync(provisioned.Name, each => each.Snapshot.ExitCode == 0, cancellationToken);
                await initialize.Notifications.PublishUpdateAsync(database, now => now with { State = KnownResourceStates.Running });
            });
        return new(resource, database.Owner);
    }
}
