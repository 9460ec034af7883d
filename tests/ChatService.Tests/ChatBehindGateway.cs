using Explaino.Testing;

namespace Explaino.ChatService.Tests;

/// <summary>One instance with a gateway of its own in front: all that a test says to it goes through that, as a client's words do.</summary>
public sealed class ChatBehindGateway(ServiceEnvironment environment, TestClock? clock = null) : ServiceHost<Program>(environment, Settings, clock)
{
    /// <summary>Where the instances of this process keep files.</summary>
    public static string Files { get; } = Directory.CreateTempSubdirectory("explaino-chat-").FullName;

    /// <summary>Who goes is offline soon, so that tests need not wait as long as people do.</summary>
    public static readonly IReadOnlyDictionary<string, string?> Settings = new Dictionary<string, string?>
    {
        ["Hub:OfflineAfter"] = "00:00:03",
        ["Storage:Folder"] = Files,
        ["Push:Mode"] = "pickup",
        ["Push:PickupDirectory"] = TwoInstances.PushFolder,
    };

    private ServiceProcess? _gateway;

    public override Uri Address => _gateway?.Address ?? base.Address;

    /// <summary>The instance itself, for what a gateway's buffers would hide.</summary>
    public Uri InstanceAddress => base.Address;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _gateway = await StartGatewayAsync(Environment, base.Address);
    }

    /// <summary>A gateway that knows these instances of the service.</summary>
    public static Task<ServiceProcess> StartGatewayAsync(ServiceEnvironment environment, params Uri[] instances)
    {
        var settings = new Dictionary<string, string?>(environment.Settings) { ["RateLimiting:Enabled"] = "false" };
        foreach (var (number, instance) in instances.Index())
        {
            settings[$"services:chat:http:{number}"] = instance.AbsoluteUri;
        }

        return ServiceProcess.StartAsync(Service.Gateway, settings);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }

        await base.DisposeAsync();
    }
}
