using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;

namespace Explaino.AppHost;

/// <summary>PostgreSQL and RabbitMQ as processes of the installed programs, by the scripts of deploy/local.</summary>
internal sealed class ProcessServers : Servers
{
    private readonly IDistributedApplicationBuilder _builder;
    private readonly IResourceBuilder<ExecutableResource> _postgres;
    private readonly IResourceBuilder<ExecutableResource> _provision;

    public ProcessServers(IDistributedApplicationBuilder builder, RunSettings run, StateFolder state)
    {
        _builder = builder;
        _postgres = builder.AddExecutable("postgres", Script("postgres"), builder.AppHostDirectory, "run", state.Folder("postgres"), Text(run.Postgres))
            .WithEndpoint(port: run.Postgres, scheme: "tcp", name: "tcp", isProxied: false)
            .WithIconName("DatabaseMultiple")
            .WithHealthCheck("postgres")
            .WithRestarts();
        _provision = builder.AddExecutable("databases", Script("provision"), builder.AppHostDirectory, Text(run.Postgres))
            .WithIconName("DatabasePlugConnected")
            .WithParentRelationship(_postgres)
            .WaitFor(_postgres);
        Broker = builder.AddResource(new BrokerProcess("messaging", Script("rabbitmq"), builder.AppHostDirectory))
            .WithArgs("run", state.Folder("rabbitmq"), Text(run.RabbitMq))
            .WithEndpoint(port: run.RabbitMq, scheme: "amqp", name: "tcp", isProxied: false)
            .WithHttpEndpoint(port: run.RabbitMqManagement, name: "management", isProxied: false)
            .WithUrlForEndpoint("management", url => url.DisplayText = "RabbitMQ management")
            .WithIconName("Mailbox")
            .WithHealthCheck("messaging")
            .WithRestarts();
        _postgres.AddReset(_provision, Broker, state);
        builder.Services.AddHealthChecks()
            .AddNpgSql($"Host=127.0.0.1;Port={run.Postgres};Database=postgres;Username=postgres;Password=postgres;Timeout=3;Pooling=false", name: "postgres")
            .AddRabbitMQ(_ => ConnectAsync(run.RabbitMq), name: "messaging");
    }

    public override IResourceBuilder<IResourceWithConnectionString> Broker { get; }

    public override Database AddDatabase(string name) => _builder.AddDatabase(name, _postgres.GetEndpoint("tcp"), _provision.Resource);

    public override void Await(IResourceBuilder<ExecutableResource> migrations) => migrations.WaitForCompletion(_provision);

    private static Task<IConnection> ConnectAsync(int port) =>
        new ConnectionFactory { Uri = new Uri($"amqp://explaino:explaino@127.0.0.1:{port}") }.CreateConnectionAsync();

    private string Script(string name) => Path.GetFullPath($"../../deploy/local/{name}", _builder.AppHostDirectory);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>RabbitMQ as a process of this machine.</summary>
internal sealed class BrokerProcess(string name, string command, string workingDirectory)
    : ExecutableResource(name, command, workingDirectory), IResourceWithConnectionString
{
    public ReferenceExpression ConnectionStringExpression
    {
        get
        {
            var endpoint = this.GetEndpoint("tcp");
            return ReferenceExpression.Create(
                $"amqp://explaino:explaino@{endpoint.Property(EndpointProperty.IPV4Host)}:{endpoint.Property(EndpointProperty.Port)}/");
        }
    }
}
