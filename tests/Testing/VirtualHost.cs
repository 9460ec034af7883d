using System.Net;

namespace Explaino.Testing;

/// <summary>A RabbitMQ virtual host of one test class: nobody else's queues, nobody else's messages.</summary>
public sealed class VirtualHost : IAsyncDisposable
{
    internal VirtualHost(RabbitMqServer server, string name)
    {
        Server = server;
        Name = name;
    }

    public RabbitMqServer Server { get; }

    public string Name { get; }

    /// <summary>What services find in ConnectionStrings:messaging.</summary>
    public string ConnectionString => new Uri(Server.Address, Name).AbsoluteUri;

    public static async Task<VirtualHost> CreateAsync(RabbitMqServer? server = null) =>
        await (server ?? await RabbitMqServer.SharedAsync()).CreateVirtualHostAsync();

    /// <summary>How many messages lie in a queue; null if there is no such queue.</summary>
    public async Task<int?> MessagesInAsync(string queue)
    {
        using var response = await Server.Management.GetAsync($"/api/queues/{Name}/{queue}");
        return response.StatusCode == HttpStatusCode.NotFound ? null : (int?)(await response.ReadObjectAsync())["messages"];
    }

    /// <summary>What a broker is that was lost: all queues and messages are gone, and connections end.</summary>
    public async Task LoseAsync()
    {
        using var response = await Server.Management.DeleteAsync($"/api/vhosts/{Name}");
        response.EnsureSuccessStatusCode();
        await Server.AddVirtualHostAsync(Name);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            using var response = await Server.Management.DeleteAsync($"/api/vhosts/{Name}");
        }
        catch (HttpRequestException)
        {
            // A test left its private server stopped; the virtual host goes with it.
        }
    }
}
