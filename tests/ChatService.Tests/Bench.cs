using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

/// <summary>Prints what delivery costs. Explicit: run it alone, on a quiet machine: <c>dotnet run -c Release -- -explicit only -class Explaino.ChatService.Tests.Bench -showliveoutput</c>.</summary>
public sealed class Bench(ITestOutputHelper output)
{
    [Fact(Explicit = true)]
    public async Task Latency_from_post_to_receipt_on_the_other_instance_and_memory_of_idle_connections()
    {
        await using var environment = await ServiceEnvironment.CreateAsync(Service.Chat);
        await using var one = await ServiceProcess.StartAsync(Service.Chat, environment.Settings);
        await using var other = await ServiceProcess.StartAsync(Service.Chat, environment.Settings);
        var (ada, bob) = (TestUser.New("ada"), TestUser.New("bob"));
        var created = EventDocuments.Example("user-created.v1");
        created["userId"] = bob.Id;
        await environment.Broker.PublishAsync("user-created.v1", created);
        one.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", environment.Issuer.Issue(ada));
        var id = await Eventually.GetAsync(async () =>
        {
            using var answer = await one.Client.PostAsJsonAsync("/api/chats", new { user_id = bob.Id });
            return answer.IsSuccessStatusCode ? (await answer.ReadObjectAsync(answer.StatusCode))["id"] : null;
        });

        await using var receiver = await HubClient.ConnectAsync(other.Address, environment.Issuer.Issue(bob));
        await MeasureAsync(one.Client, receiver, $"{id}", count: 300);
        var latencies = await MeasureAsync(one.Client, receiver, $"{id}", count: 2_000);
        output.WriteLine($"POST to receipt elsewhere at 100/s: p50 {At(latencies, 0.5)} ms, p99 {At(latencies, 0.99)} ms");

        var before = Resident(one);
        var idle = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => HubClient.ConnectAsync(one.Address, environment.Issuer.Issue(TestUser.New()))));
        await Assert.ThrowsAsync<HubRefusedException>(() => idle[^1].InvokeAsync("Renew", "nothing"));
        output.WriteLine($"1,000 idle connections: {(Resident(one) - before) / 1_000 / 1_024} KB each");
        await Task.WhenAll(idle.Select(connection => connection.DisposeAsync().AsTask()));
    }

    private static async Task<List<double>> MeasureAsync(HttpClient sender, HubClient receiver, string chat, int count)
    {
        var sentAt = new long[count];
        var sending = Task.Run(async () =>
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
            var posts = new List<Task>();
            for (var number = 0; number < count; number++)
            {
                await timer.WaitForNextTickAsync();
                sentAt[number] = Stopwatch.GetTimestamp();
                posts.Add(sender.SayAsync($"chats/{chat}", number.ToString(CultureInfo.InvariantCulture)));
            }

            await Task.WhenAll(posts);
        });

        var latencies = new List<double>();
        while (latencies.Count < count)
        {
            var message = await receiver.ExpectAsync("MessageReceived");
            latencies.Add(Stopwatch.GetElapsedTime(sentAt[int.Parse((string)message["content"]!, CultureInfo.InvariantCulture)]).TotalMilliseconds);
        }

        await sending;
        return latencies;
    }

    private static string At(List<double> values, double share) => values.Order().ElementAt((int)(values.Count * share)).ToString("0.0", CultureInfo.InvariantCulture);

    private static long Resident(ServiceProcess service)
    {
        using var process = Process.GetProcessById(service.Id);
        return process.WorkingSet64;
    }
}
