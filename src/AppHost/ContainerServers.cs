namespace Explaino.AppHost;

/// <summary>PostgreSQL and RabbitMQ as containers, whose data is in volumes.</summary>
internal sealed class ContainerServers : Servers
{
    private readonly IDistributedApplicationBuilder _builder;
    private readonly IResourceBuilder<PostgresServerResource> _postgres;
    private readonly IResourceBuilder<ContainerResource> _provision;

    public ContainerServers(IDistributedApplicationBuilder builder, StateFolder state)
    {
        _builder = builder;
        _postgres = builder.AddPostgres("postgres", password: Password("postgres-password"))
            .WithImageTag("17")
            .WithDataVolume()
            .WithIconName("DatabaseMultiple");
        _provision = builder.AddContainer("databases", "postgres", "17")
            .WithBindMount(Path.GetFullPath("../../deploy", builder.AppHostDirectory), "/deploy", isReadOnly: true)
            .WithEntrypoint("/deploy/local/provision")
            .WithEnvironment("PGHOST", _postgres.Resource.PrimaryEndpoint.Property(EndpointProperty.Host))
            .WithEnvironment("PGPORT", _postgres.Resource.PrimaryEndpoint.Property(EndpointProperty.Port))
            .WithEnvironment("PGPASSWORD", _postgres.Resource.PasswordParameter)
            .WithIconName("DatabasePlugConnected")
            .WithParentRelationship(_postgres)
            .WaitFor(_postgres);
        Broker = builder.AddRabbitMQ("messaging", password: Password("messaging-password"))
            .WithDataVolume()
            .WithManagementPlugin()
            .WithUrlForEndpoint("management", url => url.DisplayText = "RabbitMQ management")
            .WithIconName("Mailbox");
        _postgres.AddReset(_provision, Broker, state);

        IResourceBuilder<ParameterResource> Password(string name) => builder.AddParameter(name, secret: true);
    }

    public override IResourceBuilder<IResourceWithConnectionString> Broker { get; }

    public override Database AddDatabase(string name) => _builder.AddDatabase(name, _postgres.Resource.PrimaryEndpoint, _provision.Resource);

    public override void Await(IResourceBuilder<ExecutableResource> migrations) => migrations.WaitForCompletion(_provision);
}
