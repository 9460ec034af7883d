using Explaino.ServiceData.Messaging;
using Explaino.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace Explaino.ServiceData.Tests;

/// <summary>How a service finds its broker: one server, or the nodes of a cluster.</summary>
public sealed class BrokerAddressTests
{
    [Theory]
    [InlineData("amqp://localhost", "amqp://localhost:5672")]
    [InlineData("amqp://explaino:secret@mq:5673/", "amqp://mq:5673")]
    [InlineData("amqp://explaino:secret@one:5672,two:5673,three/notes", "amqp://one:5672 amqp://two:5673 amqp://three:5672")]
    [InlineData("amqp://explaino:secret@one, [::1]:5673/notes", "amqp://one:5672 amqp://[::1]:5673")]
    [InlineData("amqps://explaino:secret@one,two:5673", "amqps://one:5671 amqps://two:5673")]
    public async Task Every_node_that_is_named_may_be_used(string address, string expected)
    {
        await using var app = AppWith(address);

        var nodes = NodesOf(app);

        Assert.Equal(expected.Split(' ').Order(), nodes.Select(node => $"{(node.Ssl.Enabled ? "amqps" : "amqp")}://{Host(node)}:{node.Port}").Order());

        static string Host(AmqpTcpEndpoint node) => node.HostName.Contains(':', StringComparison.Ordinal) && node.HostName[0] != '[' ? $"[{node.HostName}]" : node.HostName;
    }

    [Fact]
    public async Task What_is_before_and_after_the_nodes_holds_for_all()
    {
        await using var app = AppWith("amqp://explaino:p%40ss@one,two/some%2Fhost");

        var factory = app.Services.GetRequiredService<BrokerAddress>().NewFactory("test");

        Assert.Equal(("explaino", "p@ss", "some/host"), (factory.UserName, factory.Password, factory.VirtualHost));
    }

    [Fact]
    public async Task Encrypted_connections_hold_each_node_to_its_own_name()
    {
        await using var app = AppWith("amqps://explaino:secret@one,two");

        Assert.All(NodesOf(app), node => Assert.Equal((node.HostName, System.Net.Security.SslPolicyErrors.None), (node.Ssl.ServerName, node.Ssl.AcceptablePolicyErrors)));
    }

    [Theory]
    [InlineData(null, "is not set")]
    [InlineData("one:5672,two:5672", "neither amqp:// nor amqps://")]
    [InlineData("http://explaino:secret@one", "neither amqp:// nor amqps://")]
    [InlineData("amqp://explaino:secret@", "host number 1")]
    [InlineData("amqp://explaino:secret@one,,three/notes", "host number 2")]
    [InlineData("amqp://explaino:secret@one:5672,two:port", "host number 2")]
    [InlineData("amqp://explaino:secret/word@one,two", "host number 1")]
    public async Task What_is_no_address_is_said_when_a_service_starts_without_its_password(string? address, string reason)
    {
        await using var app = AppWith(address);

        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("ConnectionStrings:messaging", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_node_that_answers_is_enough(bool othersAccept)
    {
        await using var broker = await VirtualHost.CreateAsync();
        var address = new Uri(broker.ConnectionString);
        using var silent = new Wire(address.Host, address.Port);
        silent.FallSilent();
        var others = othersAccept ? $"127.0.0.1:{silent.Port}," : string.Concat(Enumerable.Repeat($"127.0.0.1:{FreePorts.Find()},", 2));
        await using var app = AppWith($"amqp://{address.UserInfo}@{others}{address.Authority}/{broker.Name}");

        await app.StartAsync(TestContext.Current.CancellationToken);

        // In the worst case after one that says nothing, which of three nodes with a majority no more can, and what MassTransit waits after it.
        await Eventually.TrueAsync(
            async () => (await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Name == "broker")).Status == HealthStatus.Healthy,
            TimeSpan.FromSeconds(othersAccept ? 60 : 5));
    }

    [Fact]
    public async Task The_node_that_failed_is_not_the_next_one_to_be_tried()
    {
        await using var app = AppWith("amqp://one,two,three");
        var nodes = app.Services.GetRequiredService<BrokerAddress>().NewFactory("test").EndpointResolverFactory([]);

        var firsts = Enumerable.Range(0, 4).Select(_ => nodes.All().First().HostName).ToList();

        Assert.Equal(3, firsts.Distinct().Count());
        Assert.Equal(firsts[0], firsts[3]);
    }

    private static IReadOnlyList<AmqpTcpEndpoint> NodesOf(WebApplication app) =>
        [.. app.Services.GetRequiredService<BrokerAddress>().NewFactory("test").EndpointResolverFactory([]).All()];

    private static WebApplication AppWith(string? address)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration["ConnectionStrings:messaging"] = address;
        builder.AddMessaging(_ => { });
        return builder.Build();
    }
}
