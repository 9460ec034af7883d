using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

/// <summary>
/// Clients that follow the documented reconnect rule (docs/chat-protocol.md) end with exactly what was said, in order, none twice, while instances die and
/// come back and the broker goes away.
/// </summary>
public sealed class ReliabilityTests(ITestOutputHelper output)
{
    private const int Senders = 16;
    private const int Conversations = 10;

    private static readonly int Devices = Scale.Of(test: 100, shortRun: 200, longRun: 200);
    private static readonly int Messages = Scale.Of(test: 2_000, shortRun: 5_000, longRun: 20_000);
    private static readonly int Each = Messages / Conversations;

    [Fact]
    public async Task Nothing_is_lost_doubled_or_reordered_while_instances_die_and_the_broker_goes_away()
    {
        using var over = new CancellationTokenSource();
        try
        {
            await TalkThroughFaultsAsync(over.Token);
        }
        finally
        {
            // After a failure they would go on trying for ever, and slow every test that comes after.
            await over.CancelAsync();
        }
    }

    private async Task TalkThroughFaultsAsync(CancellationToken over)
    {
        using var rabbit = await RabbitMqServer.StartPrivateAsync();
        await using var environment = await ServiceEnvironment.CreateAsync(Service.Chat, rabbitMq: rabbit);
        await using var one = await ServiceProcess.StartAsync(Service.Chat, environment.Settings);
        await using var other = await ServiceProcess.StartAsync(Service.Chat, environment.Settings);
        await using var gateway = await ChatBehindGateway.StartGatewayAsync(environment, one.Address, other.Address);
        await using var otherGateway = await ChatBehindGateway.StartGatewayAsync(environment, other.Address, one.Address);
        Uri[] instances = [gateway.Address, otherGateway.Address];
        var people = Enumerable.Range(0, 2 * Conversations).Select(number => TestUser.New($"person.{number}")).ToArray();
        var conversations = await GatherAsync(environment, gateway.Address, people);

        // Several devices each, half of them on either gateway, which spread them over both instances. One device drops a message on purpose, to show that this would be seen.
        var devices = Enumerable.Range(0, Devices).Select(number => new ReliableDevice(
            environment.Issuer.Issue(people[number % people.Length]), instances, number / people.Length % 2, conversations[number % Conversations],
            dropsSeq: number == 0 ? Each / 2 : null, over)).ToArray();
        await Task.WhenAll(devices.Select(device => device.StartAsync()));

        var acknowledged = new ConcurrentDictionary<Guid, byte>();
        var sending = Task.WhenAll(Enumerable.Range(0, Senders).Select(number =>
            SendAsync(people.Select(person => environment.Issuer.Issue(person)).ToArray(), instances, number, conversations, acknowledged, over)));

        async Task PassedAsync(double share) => await Eventually.TrueAsync(() => acknowledged.Count >= Messages * share || sending.IsCompleted, TimeSpan.FromMinutes(3));

        await PassedAsync(0.1);
        await one.KillAsync();
        await PassedAsync(0.2);
        await one.StartAsync();
        await PassedAsync(0.35);
        await rabbit.StopAsync();
        await PassedAsync(0.5);
        await rabbit.StartAsync();
        await PassedAsync(0.65);
        await other.KillAsync();
        await PassedAsync(0.75);
        await other.StartAsync();
        await PassedAsync(0.9);
        var stopping = Stopwatch.GetTimestamp();
        var code = await one.StopAsync();
        output.WriteLine($"Told to stop under load, an instance took {Stopwatch.GetElapsedTime(stopping).TotalSeconds:F1} s.");
        Assert.True(code == 0, $"exit code {code}\n{one.Log}");
        await one.StartAsync();
        await sending.WaitAsync(TimeSpan.FromMinutes(3), CancellationToken.None);

        await Eventually.TrueAsync(() => devices.All(device => device.LastSeq >= Each), TimeSpan.FromSeconds(60));
        var all = new List<Guid>();
        foreach (var (index, conversation) in conversations.Index())
        {
            var said = await ReadAllAsync(environment.Issuer.Issue(people[index]), instances[0], conversation);
            Assert.Equal(Enumerable.Range(1, Each).Select(seq => (long)seq), said.Select(message => message.Seq));
            all.AddRange(said.Select(message => message.ClientMessageId));
            Assert.All(devices.Where(device => device.Conversation == conversation).Skip(index == 0 ? 1 : 0), device =>
            {
                Assert.Null(device.Disorder);
                Assert.Equal(said, device.Got);
            });
        }

        Assert.Equal(acknowledged.Keys.Order(), all.Order());
        Assert.NotEqual(await ReadAllAsync(environment.Issuer.Issue(people[0]), instances[0], conversations[0]), devices[0].Got);
        await Task.WhenAll(devices.Select(device => device.StopAsync()));
        Figures.Record("Chat", "messages to 200 devices while both instances and the broker go away", $"{Messages}");
        Figures.Record("Chat", "acknowledged messages lost", $"{acknowledged.Keys.Except(all).Count()}");
        Figures.Record("Chat", "messages doubled", $"{all.Count - all.Distinct().Count()}");
        Figures.Record("Chat", "reconnections; messages caught up with", $"{devices.Sum(device => device.Reconnects)}; {devices.Sum(device => device.CaughtUp)}");
    }

    private static async Task<string[]> GatherAsync(ServiceEnvironment environment, Uri instance, TestUser[] people)
    {
        foreach (var person in people)
        {
            var created = EventDocuments.Example("user-created.v1");
            created["userId"] = person.Id;
            created["username"] = person.Username;
            await environment.Broker.PublishAsync("user-created.v1", created);
        }

        return await Task.WhenAll(Enumerable.Range(0, Conversations).Select(async number =>
        {
            using var client = new HttpClient { BaseAddress = instance };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", environment.Issuer.Issue(people[number]));
            var group = await Eventually.GetAsync(async () =>
            {
                using var answer = await client.PostAsJsonAsync("/api/groups", new { name = "Both", user_ids = new[] { people[number + Conversations].Id } });
                return answer.IsSuccessStatusCode ? JsonNode.Parse(await answer.Content.ReadAsStringAsync()) : null;
            });
            return $"groups/{group["id"]}";
        }));
    }

    /// <summary>Repeats what was not acknowledged, under the same client_message_id, wherever somebody answers.</summary>
    private static async Task SendAsync(
        string[] tokens, Uri[] instances, int number, string[] conversations, ConcurrentDictionary<Guid, byte> acknowledged, CancellationToken over)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var at = number;
        for (var count = number; count < Messages; count += Senders)
        {
            var id = Guid.CreateVersion7();
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens[count % tokens.Length]);
            while (!acknowledged.ContainsKey(id) && !over.IsCancellationRequested)
            {
                try
                {
                    using var answer = await client.PostAsJsonAsync(new Uri(instances[at % 2], $"/api/{conversations[count % conversations.Length]}/messages"), new { content = $"{count}", client_message_id = id }, CancellationToken.None);
                    if (answer.IsSuccessStatusCode)
                    {
                        acknowledged.TryAdd(id, 0);
                        continue;
                    }
                }
                catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
                {
                    // Not acknowledged; it may have been stored all the same.
                }

                at++;
                await Task.Delay(50, CancellationToken.None);
            }
        }
    }

    private static async Task<List<SaidMessage>> ReadAllAsync(string token, Uri instance, string conversation)
    {
        using var client = new HttpClient { BaseAddress = instance };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return [.. (await ReliableDevice.MissedAsync(client, instance, conversation, Guid.Empty)).Select(SaidMessage.Of)];
    }
}
