using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

/// <summary>Pushes on their way through the providers themselves, which are as strict as the real ones.</summary>
public sealed class ProviderTests(ProviderTests.Host host) : IClassFixture<ProviderTests.Host>
{
    [Fact]
    public async Task Every_provider_takes_what_it_is_given_and_the_device_can_read_it()
    {
        var (ada, bob) = await host.PairAsync();
        var tokens = new Dictionary<string, string> { ["apns"] = $"{Guid.CreateVersion7():n}{Guid.CreateVersion7():n}", ["fcm"] = $"fcm-{Guid.CreateVersion7()}", ["relay"] = $"relay-{Guid.CreateVersion7()}" };
        var (browser, subscription) = host.Providers.Subscribe();
        foreach (var (provider, token) in tokens.Append(new("webpush", subscription)))
        {
            await host.RegisterAsync(bob, provider, token, "full");
        }

        var id = await host.SayAsync(ada, bob, "Über alles");

        foreach (var token in tokens.Values.Append(browser))
        {
            var payload = await host.TakenAsync(token);
            Assert.Equal(("message", id, "Über alles", 1), ((string)payload["kind"]!, (Guid)payload["chat_id"]!, (string)payload["text"]!, (int)payload["badge"]!));
        }

        Assert.Empty(host.Providers.Complaints);
    }

    [Fact]
    public async Task A_token_that_is_refused_for_good_takes_its_device_with_it()
    {
        var (ada, bob) = await host.PairAsync();
        var (apns, fcm) = ($"{Guid.CreateVersion7():n}", $"fcm-{Guid.CreateVersion7()}");
        var (browser, subscription) = host.Providers.Subscribe();
        foreach (var gone in new[] { apns, fcm, browser })
        {
            host.Providers.Gone[gone] = true;
        }

        await host.RegisterAsync(bob, "apns", apns);
        await host.RegisterAsync(bob, "fcm", fcm);
        await host.RegisterAsync(bob, "webpush", subscription);

        await host.SayAsync(ada, bob, "Anybody?");

        using var asBob = host.As(bob);
        await Eventually.TrueAsync(async () => (await asBob.ListAsync("/api/devices")).Count == 0);
    }

    [Fact]
    public async Task A_provider_that_is_away_delays_nobody_else_and_gets_the_newest_when_it_is_back()
    {
        var (ada, bob) = await host.PairAsync();
        var (apns, fcm) = ($"{Guid.CreateVersion7():n}", $"fcm-{Guid.CreateVersion7()}");
        await host.RegisterAsync(bob, "apns", apns);
        await host.RegisterAsync(bob, "fcm", fcm);
        host.Providers.Away["apns"] = true;

        await host.SayAsync(ada, bob, "First");
        await host.TakenAsync(fcm, payload => (long)payload["seq"]! == 1);
        await host.SayAsync(ada, bob, "Second");
        await host.TakenAsync(fcm, payload => (long)payload["seq"]! == 2);
        Assert.DoesNotContain(host.Providers.Taken, taken => taken.Token == apns);
        host.Providers.Away.Clear();

        await host.TakenAsync(apns, payload => (long)payload["seq"]! == 2);
        Assert.DoesNotContain(host.Providers.Taken, taken => taken.Token == apns && (long)taken.Payload["seq"]! == 1);
    }

    [Fact]
    public async Task No_secret_of_providers_or_devices_is_in_a_log()
    {
        var (ada, bob) = await host.PairAsync();
        var token = $"fcm-{Guid.CreateVersion7()}";
        await host.RegisterAsync(bob, "fcm", token);
        await host.SayAsync(ada, bob, "Shh");
        await host.TakenAsync(token);

        Assert.DoesNotContain(token, host.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", host.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("granted", host.Log, StringComparison.Ordinal);
    }

    /// <summary>An instance on a database of its own, whose pushes go to the providers.</summary>
    public sealed class Host : IAsyncLifetime
    {
        private ServiceEnvironment _environment = null!;
        private ServiceHost<Program> _host = null!;

        public FakeProviders Providers { get; private set; } = null!;

        public string Log => _host.Log;

        public HttpClient As(TestUser user) => _host.As(user);

        public async ValueTask InitializeAsync()
        {
            Providers = await FakeProviders.StartAsync();
            _environment = await ServiceEnvironment.CreateAsync(Service.Chat);
            _host = new(_environment, Providers.Settings);
            await _host.InitializeAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await _host.DisposeAsync();
            await _environment.DisposeAsync();
            await Providers.DisposeAsync();
        }

        public async Task<(TestUser, TestUser)> PairAsync()
        {
            var pair = (Ada: TestUser.New("ada.lovelace"), Bob: TestUser.New("bob.babbage"));
            foreach (var person in new[] { pair.Ada, pair.Bob })
            {
                await _environment.PublishCreatedAsync(person);
            }

            using var asAda = As(pair.Ada);
            await Eventually.TrueAsync(async () => (await asAda.PostAsJsonAsync("/api/chats", new { user_id = pair.Bob.Id })).IsSuccessStatusCode);
            return pair;
        }

        public async Task RegisterAsync(TestUser person, string provider, string token, string preview = "sender")
        {
            using var client = As(person);
            using var answer = await client.PutAsJsonAsync($"/api/devices/{Guid.CreateVersion7()}", new { platform = "web", provider, token, preview });
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        public async Task<Guid> SayAsync(TestUser sender, TestUser peer, string content)
        {
            using var client = As(sender);
            var id = await client.StartChatAsync(peer);
            await client.SayAsync($"chats/{id}", content);
            return id;
        }

        public Task<JsonObject> TakenAsync(string token, Func<JsonObject, bool>? fits = null) => Eventually.GetAsync(() => Task.FromResult(
            Providers.Taken.Where(taken => taken.Token == token).Select(taken => taken.Payload).LastOrDefault(payload => fits?.Invoke(payload) != false)));
    }
}
