using Explaino.Testing;

namespace Explaino.Trust.Tests.Soak;

/// <summary>The whole system on servers of its own, whose databases and queues nobody else uses; its processes log warnings, and nothing less.</summary>
public sealed class SoakSystem : ExplainoSystem
{
    private PostgresServer? _postgres;
    private RabbitMqServer? _rabbitMq;

    // Hundreds of people register: their passwords need not be hard to guess.
    protected override Dictionary<string, string?> Settings { get; } = new() { ["Passwords:MemorySize"] = "64", ["Logging:LogLevel:Default"] = "Warning" };

    /// <summary>Every warning, error and worse that a process logged, by its name.</summary>
    internal IReadOnlyList<string> Warnings() =>
    [
        .. from service in All
           let lines = this[service].Log.Split('\n')
           from line in lines.Index()
           where line.Item.StartsWith("warn:", StringComparison.Ordinal) || line.Item.StartsWith("fail:", StringComparison.Ordinal) || line.Item.StartsWith("crit:", StringComparison.Ordinal)
           select $"{service.Name}: {line.Item} {lines.ElementAtOrDefault(line.Index + 1)?.Trim()}",
    ];

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _postgres?.Dispose();
        _rabbitMq?.Dispose();
    }

    protected override async Task<PostgresServer> DatabaseServerAsync() => _postgres = await PostgresServer.StartPrivateAsync();

    protected override async Task<RabbitMqServer> BrokerServerAsync() => _rabbitMq = await RabbitMqServer.StartPrivateAsync();
}
