using System.Net;
using Explaino.Testing;

namespace Explaino.IdentityService.Tests;

public sealed class OutboxTests
{
    [Fact]
    public async Task With_the_broker_down_everything_answers_and_the_events_follow()
    {
        using var broker = await RabbitMqServer.StartPrivateAsync();
        await using var environment = await ServiceEnvironment.CreateAsync(Service.Identity, rabbitMq: broker);
        await using var host = new IdentityHost(environment);
        await host.InitializeAsync();
        var events = await PublishedEvents.ListenAsync(environment.Broker, "user-created.v1");
        await broker.StopAsync();

        var members = new List<Member>();
        for (var i = 0; i < 5; i++)
        {
            members.Add(await host.RegisterAsync());
        }

        using var client = host.As(await host.LogInAsync(members[0]));
        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync("/api/auth/sessions")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.Anonymous().GetAsync("/health")).StatusCode);

        await broker.StartAsync();
        foreach (var member in members)
        {
            await events.AboutAsync(member.Id, timeout: TimeSpan.FromSeconds(30));
        }
    }
}
