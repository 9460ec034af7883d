using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

/// <summary>
/// Devices that are away and come back while people write, edit, take back, read, join and leave: after a sync each store equals the server's. In trust the instances die meanwhile, and the
/// broker goes away.
/// </summary>
public sealed class SyncModelTests(TwoInstances chat)
{
    private const int DevicesEach = 4;
    private static readonly int People = Scale.Of(test: 6, shortRun: 15, longRun: 50);
    private static readonly int Messages = Scale.Of(test: 300, shortRun: 3_000, longRun: 20_000);

    [Fact]
    public async Task After_a_sync_each_store_equals_the_servers()
    {
        var people = await chat.PeopleAsync(People);
        var model = await Model.BeginAsync(people, [chat.One.Address, chat.Other.Address], chat.One.TokenFor, Messages);

        await model.RunAsync(_ => Task.CompletedTask);

        Assert.Empty(await model.DifferencesAsync(store => store.SyncAsync));
        Figures.Record("Chat", "differences of device stores after sync; devices, messages", $"0; {People * DevicesEach}, {Messages}");
    }

    [Fact]
    public async Task After_a_sync_each_store_equals_the_servers_although_instances_and_the_broker_went_away()
    {
        Assert.SkipWhen(Scale.Of(test: 0, shortRun: 1, longRun: 1) == 0, "Belongs to ./dev trust.");
        using var rabbit = await RabbitMqServer.StartPrivateAsync();
        await using var environment = await ServiceEnvironment.CreateAsync(Service.Chat, rabbitMq: rabbit);
        await using var one = await ServiceProcess.StartAsync(Service.Chat, environment.Settings);
        await using var other = await ServiceProcess.StartAsync(Service.Chat, environment.Settings);
        await using var gateway = await ChatBehindGateway.StartGatewayAsync(environment, one.Address, other.Address);
        var people = Enumerable.Range(0, People).Select(number => TestUser.New($"person.{number}")).ToArray();
        foreach (var person in people)
        {
            var created = EventDocuments.Example("user-created.v1");
            created["userId"] = person.Id;
            await environment.Broker.PublishAsync("user-created.v1", created);
        }

        var model = await Model.BeginAsync(people, [gateway.Address], person => environment.Issuer.Issue(person), Messages);
        await model.RunAsync(async passed =>
        {
            await passed(0.2);
            await one.KillAsync();
            await passed(0.3);
            await one.StartAsync();
            await passed(0.4);
            await rabbit.StopAsync();
            await passed(0.6);
            await rabbit.StartAsync();
            await passed(0.7);
            await other.KillAsync();
            await passed(0.8);
            await other.StartAsync();
        });

        Assert.Empty(await model.DifferencesAsync(store => store.SyncAsync));
        Figures.Record("Chat", "differences of device stores after sync, with kills; devices, messages", $"0; {People * DevicesEach}, {Messages}");
    }

    [Fact]
    public async Task Seeded_devices_that_ask_for_what_came_after_alone_are_noticed()
    {
        var people = await chat.PeopleAsync(4);
        var model = await Model.BeginAsync(people, [chat.One.Address], chat.One.TokenFor, messages: 60, store => store.SyncByAfterAloneAsync);

        await model.RunAsync(_ => Task.CompletedTask);

        Assert.NotEmpty(await model.DifferencesAsync(store => store.SyncByAfterAloneAsync));
    }

    /// <summary>What people and devices do, by chance.</summary>
    private sealed class Model
    {
        private const int Writers = 4;
        private readonly Func<DeviceStore, Func<HttpClient, Task>> _sync;
        private readonly int _messages;
        private readonly (TestUser Person, HttpClient Client)[] _people;
        private readonly (int Person, DeviceStore Store)[] _devices;
        private readonly SemaphoreSlim[] _turns;
        private readonly List<string> _conversations = [];
        private int _said;

        private Model(TestUser[] people, Uri[] addresses, Func<TestUser, string> tokenFor, int messages, Func<DeviceStore, Func<HttpClient, Task>> sync)
        {
            (_messages, _sync) = (messages, sync);
            _people = [.. people.Index().Select(person => (person.Item, new HttpClient { BaseAddress = addresses[person.Index % addresses.Length] }))];
            foreach (var (person, client) in _people)
            {
                client.DefaultRequestHeaders.Authorization = new("Bearer", tokenFor(person));
            }

            _devices = [.. Enumerable.Range(0, people.Length * DevicesEach).Select(number => (number % people.Length, new DeviceStore()))];
            _turns = [.. _devices.Select(_ => new SemaphoreSlim(1, 1))];
        }

        /// <summary>Chats with the next one, and groups of all of which some begin outside.</summary>
        public static async Task<Model> BeginAsync(
            TestUser[] people, Uri[] addresses, Func<TestUser, string> tokenFor, int messages, Func<DeviceStore, Func<HttpClient, Task>>? sync = null)
        {
            var model = new Model(people, addresses, tokenFor, messages, sync ?? (store => store.SyncAsync));
            foreach (var (number, (_, client)) in model._people.Index())
            {
                var next = people[(number + 1) % people.Length];
                var id = await Eventually.GetAsync(async () =>
                {
                    using var answer = await client.PostAsJsonAsync("/api/chats", new { user_id = next.Id });
                    return answer.IsSuccessStatusCode ? (await answer.ReadObjectAsync(answer.StatusCode))["id"] : null;
                });
                model._conversations.Add($"chats/{id}");
                model._conversations.Add($"groups/{await client.StartGroupAsync([.. people.Except([people[number]]).Where((_, index) => (index + number) % 3 != 0)])}");
            }

            return model;
        }

        public async Task RunAsync(Func<Func<double, Task>, Task> faults)
        {
            var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => WriteAsync()));
            await faults(share => Eventually.TrueAsync(() => Volatile.Read(ref _said) >= _messages * share || writing.IsCompleted, TimeSpan.FromMinutes(5)));
            await writing;
        }

        public async Task<List<string>> DifferencesAsync(Func<DeviceStore, Func<HttpClient, Task>> sync)
        {
            var differences = new List<string>();
            foreach (var (person, store) in _devices)
            {
                await sync(store)(_people[person].Client);
                differences.AddRange(await store.DifferencesAsync(_people[person].Client));
                if (store.Unread is { } unread && !JsonNode.DeepEquals(unread, await _people[person].Client.GetObjectAsync("/api/unread")))
                {
                    differences.Add("what is unread differs");
                }
            }

            return differences;
        }

        private async Task WriteAsync()
        {
            while (Volatile.Read(ref _said) < _messages)
            {
                try
                {
                    await DoAsync();
                }
                catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
                {
                    // Nobody answers at the moment; what became of it is the server's to say.
                }
            }
        }

        private async Task DoAsync()
        {
            var client = _people[Random.Shared.Next(_people.Length)].Client;
            var path = $"/api/{_conversations[Random.Shared.Next(_conversations.Count)]}";
            switch (Random.Shared.Next(100))
            {
                case < 55:
                    using (var said = await client.PostAsJsonAsync($"{path}/messages", new { content = $"word {Random.Shared.Next()}", client_message_id = Guid.CreateVersion7() }))
                    {
                        _ = said.IsSuccessStatusCode ? Interlocked.Increment(ref _said) : 0;
                    }

                    return;
                case < 78:
                    await ChangeAsync(client, path);
                    return;
                case < 88 when path.StartsWith("/api/groups", StringComparison.Ordinal):
                    await ComeAndGoAsync(client, path);
                    return;
                default:
                    await SyncAsync(Random.Shared.Next(_devices.Length));
                    return;
            }
        }

        /// <summary>Edits, takes back or reads one of the latest; of others' it is refused.</summary>
        private static async Task ChangeAsync(HttpClient client, string path)
        {
            using var latest = await client.GetAsync($"{path}/messages?limit=30");
            if (!latest.IsSuccessStatusCode || await latest.ReadItemsAsync() is not { Count: > 0 } messages)
            {
                return;
            }

            var id = (Guid)messages[Random.Shared.Next(messages.Count)]["id"]!;
            using var changed = Random.Shared.Next(6) switch
            {
                < 3 => await client.PatchAsJsonAsync($"{path}/messages/{id}", new { content = $"edited {Random.Shared.Next()}" }),
                < 5 => await client.PutAsJsonAsync($"{path}/read", new { message_id = id }),
                _ => await client.DeleteAsync($"{path}/messages/{id}"),
            };
        }

        private async Task ComeAndGoAsync(HttpClient client, string path)
        {
            var somebody = _people[Random.Shared.Next(_people.Length)].Person.Id;
            using var changed = Random.Shared.Next(4) switch
            {
                0 => await client.DeleteAsync($"{path}/participants/{somebody}"),
                1 => await client.PatchAsJsonAsync(path, new { name = $"Name {Random.Shared.Next()}" }),
                2 => await client.PutAsJsonAsync($"{path}/participants/{somebody}/role", new { role = "admin" }),
                _ => await client.PostAsJsonAsync($"{path}/participants", new { user_ids = new[] { somebody } }),
            };
        }

        private async Task SyncAsync(int number)
        {
            await _turns[number].WaitAsync();
            try
            {
                await _sync(_devices[number].Store)(_people[_devices[number].Person].Client);
            }
            finally
            {
                _turns[number].Release();
            }
        }
    }
}
