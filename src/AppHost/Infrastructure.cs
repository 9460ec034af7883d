namespace Explaino.AppHost;

/// <summary>
/// The servers everything stands on: containers of this run, or, with <c>Infrastructure=external</c>, servers that run already and whose
/// connection strings are configured (those of <c>./dev run</c>, a team's shared ones).
/// </summary>
internal sealed class Infrastructure
{
    private readonly IDistributedApplicationBuilder _builder;
    private readonly IResourceBuilder<PostgresServerResource>? _postgres;

    public Infrastructure(IDistributedApplicationBuilder builder)
    {
        _builder = builder;
        if (builder.Configuration["Infrastructure"] == "external")
        {
            Broker = builder.AddConnectionString("messaging");
            return;
        }

        _postgres = builder.AddPostgres("postgres").WithDataVolume();
        Broker = builder.AddRabbitMQ("messaging").WithManagementPlugin();
    }

    public IResourceBuilder<IResourceWithConnectionString> Broker { get; }

    /// <summary>A service's own database; its connection string is named <c>&lt;name&gt;db</c>.</summary>
    public IResourceBuilder<IResourceWithConnectionString> Database(string name) =>
        _postgres is null ? _builder.AddConnectionString($"{name}db") : _postgres.AddDatabase($"{name}db", name);
}
