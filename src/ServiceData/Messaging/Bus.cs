using Explaino.ServiceDefaults;
using Explaino.ServiceDefaults.Errors;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Explaino.ServiceData.Messaging;

/// <summary>RabbitMQ through MassTransit: quorum queues, retries, then the queue's <c>_error</c> queue.</summary>
public static class Bus
{
    /// <summary>How the names of queues begin that live and die with one instance.</summary>
    public const string InstanceQueue = "instance.";

    /// <summary>Registers the bus over <c>ConnectionStrings:messaging</c>, with a service's consumers.</summary>
    /// <remarks>Starting never waits for the broker, and neither does health: see <c>/health</c> in docs/contract.md#1-conventions.</remarks>
    public static WebApplicationBuilder AddMessaging(this WebApplicationBuilder builder, Action<IBusRegistrationConfigurator> addConsumers)
    {
        var broker = BrokerAddress.Read(builder.Configuration.GetConnectionString("messaging"));
        var connection = new BusConnection(TimeProvider.System);
        builder.Services.AddSingleton(broker);
        builder.Services.AddSingleton(connection);
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry(); // It would report to its makers.
            bus.ConfigureHealthCheckOptions(health =>
            {
                health.Name = "broker";
                health.MinimalFailureStatus = HealthStatus.Degraded;
            });
            addConsumers(bus);
            bus.AddConfigureEndpointsCallback((context, name, endpoint) => ConfigureRetries(context, name, endpoint));
            bus.UsingRabbitMq((context, rabbit) =>
            {
                var nodes = broker.NewNodes();
                rabbit.Host(broker.First, host => host.OnRefreshConnectionFactory = factory =>
                {
                    broker.Apply(factory, nodes);
                    factory.SocketFactory = connection.OpenSocket;
                    return Task.CompletedTask;
                });
                rabbit.ConfigureEndpoints(context);
            });
        });
        builder.Services.AddSingleton<ServiceQueues>();
        builder.Services.AddServiceCommand(
            "errors", "Look at messages that failed (list), or have them consumed again (replay).", ErrorQueues.RunAsync,
            arguments => arguments is ["replay"] or ["replay", _] ? "errors_replay" : null);
        builder.Services.Configure<MassTransitHostOptions>(host => host.StopTimeout = TimeSpan.FromSeconds(15));

        // Missed when the service starts to serve: its verbs, migrate among them, need no broker.
        builder.Services.AddOptions<BrokerSettings>()
            .Validate(_ => broker.Fault is null, broker.Fault ?? "")
            .ValidateOnStart();
        return builder;
    }

    private static void ConfigureRetries(IServiceProvider services, string name, IReceiveEndpointConfigurator endpoint)
    {
        // A message that fails for itself ends in the error queue; one that waits for a dependency stays where it is until that is back.
        endpoint.UseMessageRetry(retry =>
        {
            retry.Ignore<Exception>(exception => TransientFailure.Is(exception));
            retry.Exponential(5, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(200));
        });
        endpoint.UseMessageRetry(retry =>
        {
            retry.Handle<Exception>(TransientFailure.Is);
            retry.Exponential(int.MaxValue, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(3), TimeSpan.FromMilliseconds(200));
        });

        if (!name.StartsWith(InstanceQueue, StringComparison.Ordinal) && endpoint is IRabbitMqReceiveEndpointConfigurator durable)
        {
            durable.SetQuorumQueue();
            services.GetRequiredService<ServiceQueues>().Add(name);
        }
    }

    private sealed class BrokerSettings;
}
