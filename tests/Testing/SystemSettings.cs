namespace Explaino.Testing;

/// <summary>What one process of a whole system is told: where the others, its database and the broker are.</summary>
public static class SystemSettings
{
    /// <param name="addresses">Of the instances of every service and of the gateway, whose first one issues the tokens.</param>
    /// <param name="folder">Gives a folder that all processes share: mail, files.</param>
    public static Dictionary<string, string?> For(
        Service service, IReadOnlyDictionary<Service, Uri[]> addresses, string broker, string? database, Func<string, string> folder)
    {
        var settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings:messaging"] = broker,
            ["Authentication:Issuer"] = addresses[Service.Gateway][0].AbsoluteUri.TrimEnd('/'),
            ["Mail:PickupDirectory"] = folder("mail"),
            ["Storage:Folder"] = folder("files"),
            ["RateLimiting:Enabled"] = "false",
            ["OTEL_SERVICE_NAME"] = service.Name,
        };
        foreach (var (peer, instances) in addresses)
        {
            foreach (var (index, address) in instances.Index())
            {
                settings[$"services:{peer.Name}:http:{index}"] = address.AbsoluteUri.TrimEnd('/');
            }
        }

        if (database is not null)
        {
            settings[service.ConnectionStringKey] = database;
        }

        return settings;
    }
}
