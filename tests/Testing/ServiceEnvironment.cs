namespace Explaino.Testing;

/// <summary>What one service finds around it in a test class: a database, a virtual host, and an issuer of keys, all its own.</summary>
public sealed class ServiceEnvironment : IAsyncDisposable
{
    private ServiceEnvironment(Service service, TestDatabase database, VirtualHost broker, KeyIssuer issuer)
    {
        Service = service;
        Database = database;
        Broker = broker;
        Issuer = issuer;
        Settings = new Dictionary<string, string?>
        {
            [service.ConnectionStringKey] = database.ConnectionString,
            ["ConnectionStrings:messaging"] = broker.ConnectionString,
            [Service.Identity.AddressKey] = issuer.Address,
            ["Authentication:Issuer"] = issuer.Address,
        };
    }

    public Service Service { get; }

    public TestDatabase Database { get; }

    public VirtualHost Broker { get; }

    public KeyIssuer Issuer { get; }

    /// <summary>The settings that lead the service there.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; }

    public static async Task<ServiceEnvironment> CreateAsync(
        Service service, PostgresServer? postgres = null, RabbitMqServer? rabbitMq = null)
    {
        var database = TestDatabase.CreateAsync(service, postgres);
        var broker = VirtualHost.CreateAsync(rabbitMq);
        return new ServiceEnvironment(service, await database, await broker, await KeyIssuer.StartAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await Issuer.DisposeAsync();
        await Broker.DisposeAsync();
        await Database.DisposeAsync();
    }
}
