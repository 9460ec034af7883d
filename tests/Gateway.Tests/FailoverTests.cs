using System.Net;
using Explaino.Testing;

namespace Explaino.Gateway.Tests;

/// <summary>Two instances of one service, which die in every way: nothing is lost that need not be, and nothing happens twice.</summary>
public sealed class FailoverTests : IAsyncLifetime
{
    private Upstream? _first;
    private Upstream? _second;
    private ServiceProcess? _gateway;

    private Upstream First => _first!;

    private Upstream Second => _second!;

    private HttpClient Client => _gateway!.Client;

    public async ValueTask InitializeAsync()
    {
        _first = await Upstream.StartAsync("first");
        _second = await Upstream.StartAsync("second");
        _gateway = await ServiceProcess.StartAsync(Service.Gateway, new Dictionary<string, string?>
        {
            ["services:jobs:http:0"] = _first.Address,
            ["services:jobs:http:1"] = _second.Address,
            ["ReverseProxy:Clusters:jobs:HttpRequest:ActivityTimeout"] = "00:00:02",
            ["RateLimiting:Enabled"] = "false",
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway!.DisposeAsync();
        await First.DisposeAsync();
        await Second.DisposeAsync();
    }

    [Fact]
    public async Task Both_instances_get_their_share()
    {
        await AllSucceedAsync(100, () => Client.GetAsync("/api/jobs"));

        Assert.InRange(First.Requests.Count, 20, 80);
        Assert.Equal(100, First.Requests.Count + Second.Requests.Count);
    }

    [Fact]
    public async Task Nothing_fails_that_was_not_sent_to_a_dead_instance()
    {
        await AllSucceedAsync(20, () => Client.GetAsync("/api/jobs"));
        await First.KillAsync();

        await AllSucceedAsync(50, () => Client.GetAsync("/api/jobs"));
        await AllSucceedAsync(50, () => Client.PostAsync("/api/jobs", new ByteArrayContent(new byte[10_000])));

        Assert.Equal(50, Second.Requests.Count(request => request == "POST /api/jobs"));
    }

    [Fact]
    public async Task Writes_reach_a_service_that_was_restarted()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => AllSucceedAsync(5, () => Client.GetAsync("/api/jobs"))));

        foreach (var instance in new[] { First, Second })
        {
            await instance.KillAsync();
            await instance.StartAsync();
        }

        await AllSucceedAsync(20, () => Client.PostAsync("/api/jobs", new StringContent("{}")));
    }

    [Fact]
    public async Task Reads_go_on_while_instances_die_and_come_back()
    {
        using var enough = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 4).Select(_ => ReadUntilAsync(enough.Token)).ToList();

        foreach (var instance in new[] { First, Second, First })
        {
            await instance.KillAsync();
            await AllSucceedAsync(20, () => Client.GetAsync("/api/jobs"));
            await instance.StartAsync();
            await AnswersAsync(instance);
        }

        await enough.CancelAsync();

        Assert.All(await Task.WhenAll(readers), reads => Assert.True(reads > 0, "Every reader has read."));
    }

    [Fact]
    public async Task With_all_dead_it_is_503_until_one_is_back()
    {
        await First.KillAsync();
        await Second.KillAsync();

        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post })
        {
            using var refused = await Client.SendAsync(new HttpRequestMessage(method, "/api/jobs"));
            await refused.IsProblemAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
            Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
        }

        await Second.StartAsync();

        await Eventually.TrueAsync(async () =>
        {
            using var response = await Client.GetAsync("/api/jobs");
            return response.IsSuccessStatusCode;
        });
        await AllSucceedAsync(20, () => Client.GetAsync("/api/jobs"));
    }

    [Theory]
    [InlineData("POST", true)]
    [InlineData("POST", false)]
    [InlineData("PATCH", true)]
    [InlineData("PATCH", false)]
    [InlineData("PUT", true)]
    [InlineData("LOCK", false)]
    public async Task What_may_have_been_done_is_not_sent_again(string method, bool hasBody)
    {
        // So that the request goes over connections which were used before.
        await AllSucceedAsync(20, () => Client.GetAsync("/api/jobs"));
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/jobs/1?do=die");
        request.Content = hasBody ? new StringContent("{}") : null;

        using var response = await Client.SendAsync(request);

        await response.IsProblemAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
        Assert.Single(First.Requests.Concat(Second.Requests), request => request == $"{method} /api/jobs/1?do=die");
    }

    [Theory]
    [InlineData("GET", "die")]
    [InlineData("GET", "break")]
    [InlineData("DELETE", "die")]
    [InlineData("PUT", "die")]
    public async Task What_may_be_done_twice_is_tried_on_the_other_instance(string method, string fault)
    {
        var target = $"/api/jobs/1?do={fault}";

        using var response = await Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), target));

        await response.IsProblemAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
        Assert.Contains($"{method} {target}", First.Requests);
        Assert.Contains($"{method} {target}", Second.Requests);
    }

    [Fact]
    public async Task An_answer_that_does_not_come_is_503()
    {
        using var response = await Client.GetAsync("/api/jobs?do=wait");

        await response.IsProblemAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
        Assert.NotNull(response.Headers.RetryAfter);
    }

    [Fact]
    public async Task An_unwell_instance_is_left_out()
    {
        First.Healthy = false;

        await Eventually.TrueAsync(async () =>
        {
            var before = First.Requests.Count;
            await AllSucceedAsync(30, () => Client.GetAsync("/api/jobs"));
            return First.Requests.Count == before;
        });
    }

    [Fact]
    public async Task With_all_unwell_all_are_asked()
    {
        First.Healthy = false;
        await Eventually.TrueAsync(async () =>
        {
            var before = First.Requests.Count;
            await AllSucceedAsync(30, () => Client.GetAsync("/api/jobs"));
            return First.Requests.Count == before;
        });

        Second.Healthy = false;

        await AnswersAsync(First);
        await AllSucceedAsync(30, () => Client.GetAsync("/api/jobs"));
    }

    [Fact]
    public async Task A_client_that_hangs_up_is_no_failure()
    {
        using var patience = new CancellationTokenSource();
        var call = Client.GetAsync("/api/jobs?do=wait", patience.Token);
        await Eventually.TrueAsync(() => First.Requests.Count + Second.Requests.Count == 1);

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await AllSucceedAsync(20, () => Client.GetAsync("/api/jobs"));
        Assert.Single(First.Requests.Concat(Second.Requests), request => request == "GET /api/jobs?do=wait");
        Assert.DoesNotContain("did not answer a GET", _gateway!.Log);
    }

    private static async Task AllSucceedAsync(int count, Func<Task<HttpResponseMessage>> send)
    {
        for (var i = 0; i < count; i++)
        {
            using var response = await send();
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    private async Task<int> ReadUntilAsync(CancellationToken enough)
    {
        var reads = 0;
        while (!enough.IsCancellationRequested)
        {
            await AllSucceedAsync(1, () => Client.GetAsync("/api/jobs"));
            reads++;
        }

        return reads;
    }

    private Task AnswersAsync(Upstream instance)
    {
        var before = instance.Requests.Count;
        return Eventually.TrueAsync(async () =>
        {
            await AllSucceedAsync(10, () => Client.GetAsync("/api/jobs"));
            return instance.Requests.Count > before;
        });
    }
}
