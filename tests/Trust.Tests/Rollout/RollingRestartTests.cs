using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Explaino.Testing;

namespace Explaino.Trust.Tests.Rollout;

/// <summary>A new version is rolled out while people work: nobody notices.</summary>
public sealed class RollingRestartTests(RollingRestartTests.TwoOfEach system, ITestOutputHelper output) : IClassFixture<RollingRestartTests.TwoOfEach>
{
    private const int Workers = 4;

    private readonly ConcurrentBag<string> _failures = [];
    private int _requests;

    [Fact]
    public async Task Restarting_every_process_one_after_the_other_fails_no_request()
    {
        var people = await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => system.RegisterAsync()));
        var admin = await system.SignInAsAdminAsync();
        foreach (var person in people)
        {
            await person.WalletAsync();
            using var award = await admin.PostAsync($"/api/wallets/{person.Id}/awards", new { amount = 100_000, reason = "To spend" });
            await award.ReadObjectAsync(HttpStatusCode.Created);
        }

        using var enough = new CancellationTokenSource();
        using var balanced = new HttpClient(new Balancer(system.InstancesOf(Service.Gateway))) { BaseAddress = new Uri("http://gateway") };
        var working = people.Select((person, index) => WorkAsync(balanced, person, people[(index + 1) % Workers], enough.Token)).ToList();
        var started = Stopwatch.GetTimestamp();

        foreach (var service in ExplainoSystem.All)
        {
            foreach (var instance in system.InstancesOf(service))
            {
                var before = Volatile.Read(ref _requests);
                var code = await instance.StopAsync();
                Assert.True(code == 0, $"{service.Name} ended with {code}:\n{instance.Log}");
                await instance.StartAsync();
                await Eventually.TrueAsync(() => Volatile.Read(ref _requests) >= before + Workers * 8 || working.Any(worker => worker.IsCompleted));
            }
        }

        await enough.CancelAsync();
        await Task.WhenAll(working);
        output.WriteLine($"{_requests} requests during {ExplainoSystem.All.Count * 2} restarts in {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s; {_failures.Count} failed.");
        Assert.Empty(_failures);
    }

    private async Task WorkAsync(HttpClient client, Member person, Member peer, CancellationToken stopping)
    {
        using var chat = await SendAsync(client, person, HttpMethod.Post, "/api/chats", new { user_id = peer.Id });
        var chatId = (await chat.Content.ReadFromJsonAsync<System.Text.Json.Nodes.JsonObject>(CancellationToken.None))!["id"];
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(400));
        while (!stopping.IsCancellationRequested)
        {
            await pace.WaitForNextTickAsync(CancellationToken.None);
            await DoAsync(HttpMethod.Get, "/api/users/me");
            await DoAsync(HttpMethod.Post, "/api/wallet/transfers", new { to_user_id = peer.Id, amount = 1 });
            await DoAsync(HttpMethod.Get, "/api/wallet");
            await DoAsync(HttpMethod.Put, "/api/profiles/me/skills", new { items = new[] { new { name = "Patience" } } });
            await DoAsync(HttpMethod.Post, "/api/jobs", new { title = "Roll on", description = "Without a stop." });
            await DoAsync(HttpMethod.Get, "/api/jobs?limit=20");
            await DoAsync(HttpMethod.Post, $"/api/chats/{chatId}/messages", new { content = "Still there?" });
            await DoAsync(HttpMethod.Get, $"/api/chats/{chatId}/messages");
        }

        async Task DoAsync(HttpMethod method, string path, object? body = null)
        {
            using var response = await SendAsync(client, person, method, path, body);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpClient client, Member person, HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = person.Client.DefaultRequestHeaders.Authorization;
        if (method == HttpMethod.Post)
        {
            request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
        }

        Interlocked.Increment(ref _requests);
        try
        {
            var response = await client.SendAsync(request, CancellationToken.None);
            if (!response.IsSuccessStatusCode)
            {
                _failures.Add($"{method} {path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(CancellationToken.None)}");
            }

            return response;
        }
        catch (HttpRequestException e)
        {
            _failures.Add($"{method} {path}: {e.Message}");
            throw;
        }
    }

    public sealed class TwoOfEach : ExplainoSystem
    {
        protected override int Instances => 2;

        protected override Dictionary<string, string?> Settings { get; } = new()
        {
            ["Shutdown:Drain"] = "00:00:02",
            ["Forwarding:ProbeInterval"] = "00:00:00.3",
        };
    }
}
