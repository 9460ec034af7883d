using System.Collections.Concurrent;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

/// <summary>People who write to each other, read, take back and leave by chance, each after their habit; what they did is kept to hold the pushes against.</summary>
internal sealed class PushModel(ServiceEnvironment environment, FakeProviders providers, TestUser[] people) : IAsyncDisposable
{
    private const int InAGroup = 8;
    private const int AtATime = 12;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
    private static readonly Habit[] Habits = [Habit.Away, Habit.Muted, Habit.Away, Habit.Connected, Habit.Reading];
    private static readonly (string[] Providers, string[] Previews) Choices = (["apns", "fcm", "webpush", "relay"], ["sender", "none", "full"]);

    private readonly PushCaller _caller = new(environment.Issuer);
    private readonly Dictionary<Guid, Habit> _habits = people.Index().ToDictionary(person => person.Item.Id, person => Habits[person.Index % Habits.Length]);
    private readonly List<Talk> _talks = [];
    private readonly ConcurrentBag<ModelDevice> _devices = [];
    private readonly ConcurrentBag<HubClient> _connections = [];
    private readonly ConcurrentDictionary<(Guid Person, Guid Conversation), bool> _latelyRead = new();
    private readonly PushLatencies _latencies = new();
    private int _count;

    /// <summary>Where people may be heard.</summary>
    public IReadOnlyList<Uri> Addresses
    {
        get => _caller.Addresses;
        set => _caller.Addresses = value;
    }

    public IReadOnlyCollection<ModelDevice> Devices => _devices;

    public int Count => _count;

    public PushFaults Checker => new(_devices, _latelyRead.Keys.ToHashSet());

    /// <summary>From each message's storing to the first push of it, in ms, in order.</summary>
    public List<double> Latencies => _latencies.Of(_devices.Where(device => device.Habit == Habit.Away), providers.Taken);

    /// <summary>Chats with the next one and groups of some; then, when all is read, their devices.</summary>
    /// <param name="forConnections">An instance that stays.</param>
    public async Task BeginAsync(Uri forConnections)
    {
        foreach (var person in people)
        {
            await environment.PublishCreatedAsync(person);
        }

        foreach (var (number, person) in people.Index())
        {
            TestUser[] pair = [person, people[(number + 1) % people.Length]];
            _talks.Add(await BeginAsync("chats", pair, new { user_id = pair[1].Id }));
        }

        foreach (var members in people.Chunk(InAGroup).Where(members => members.Length > 1))
        {
            _talks.Add(await BeginAsync("groups", members, new { name = "A group", user_ids = members[1..].Select(member => member.Id) }));
        }

        await Parallel.ForEachAsync(people.Index(), async (person, _) => await SettleAsync(person.Index, person.Item, forConnections));
    }

    /// <summary>So many messages, so many a second at most, while faults happen.</summary>
    public async Task RunAsync(int messages, int perSecond, Func<Func<double, Task>, Task> faults)
    {
        var writing = WriteAsync(messages, perSecond);
        await faults(share => Eventually.TrueAsync(() => Volatile.Read(ref _count) >= messages * share || writing.IsCompleted, TimeSpan.FromMinutes(15)));
        await writing;
    }

    /// <summary>Waits until nothing is wrong any more, or gives what is.</summary>
    public async Task<List<string>> FaultsAsync(TimeSpan patience)
    {
        var (unread, faults) = (await UnreadAsync(), new List<string>());
        try
        {
            await Eventually.TrueAsync(() => (faults = Checker.In(providers.Taken, unread)).Count == 0, patience);
        }
        catch (TimeoutException)
        {
            // The faults say more.
        }

        return [.. faults, .. providers.Complaints];
    }

    public async Task<IReadOnlyDictionary<Guid, UnreadState>> UnreadAsync()
    {
        var states = new ConcurrentDictionary<Guid, UnreadState>();
        await Parallel.ForEachAsync(people, async (person, _) => states[person.Id] = await _caller.UnreadAsync(person));
        return states;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
        {
            await connection.DisposeAsync();
        }

        _caller.Dispose();
    }

    private async Task<Talk> BeginAsync(string list, TestUser[] members, object body)
    {
        var made = await Eventually.GetAsync(async () => await _caller.CallAsync(HttpMethod.Post, members[0], $"/api/{list}", body));
        return new($"/api/{list}/{made["id"]}", (Guid)made["id"]!, members);
    }

    /// <summary>Reads that one is in groups, mutes if one does, registers a device in a session of its own, and connects it if it is one that is connected.</summary>
    private async Task SettleAsync(int number, TestUser person, Uri forConnections)
    {
        var groups = _talks.Count(talk => talk.IsGroup && Array.IndexOf(talk.Members, person) > 0);
        await Eventually.TrueAsync(async () => (long)(await _caller.ReadAsync(person, "/api/unread"))!["notifications"]! == groups);
        await _caller.CallAsync(HttpMethod.Put, person, "/api/notifications/read", new { up_to_seq = 1_000 });
        var (habit, device, provider, preview) = (_habits[person.Id], person with { SessionId = Guid.CreateVersion7() }, Choices.Providers[number % 4], Choices.Previews[number % 3]);
        foreach (var talk in _talks.Where(talk => habit == Habit.Muted && talk.Members.Contains(person)))
        {
            await _caller.CallAsync(HttpMethod.Patch, person, $"{talk.Path}/settings", new { muted_until = "forever" });
        }

        if (habit == Habit.Connected)
        {
            _connections.Add(await HubClient.ConnectAsync(forConnections, environment.Issuer.Issue(device)));
        }

        var (token, registered) = provider == "webpush" ? providers.Subscribe() : ($"{device.SessionId:n}", $"{device.SessionId:n}");
        Assert.NotNull(await _caller.CallAsync(HttpMethod.Put, device, $"/api/devices/{Guid.CreateVersion7()}", new { platform = "web", provider, token = registered, preview }));
        _devices.Add(new(device, token, preview, habit));
    }

    private Task WriteAsync(int messages, int perSecond) => Parallel.ForEachAsync(
        TicksAsync(messages, perSecond), new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (_, _) => await DoAsync(_talks[Random.Shared.Next(_talks.Count)]));

    private async IAsyncEnumerable<bool> TicksAsync(int messages, int perSecond)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / perSecond));
        while (Volatile.Read(ref _count) < messages && await timer.WaitForNextTickAsync())
        {
            yield return true;
        }
    }

    private Task DoAsync(Talk talk)
    {
        var person = talk.Members[Random.Shared.Next(talk.Members.Length)];
        var mayRead = _habits[person.Id] == Habit.Away;
        return Random.Shared.Next(100) switch
        {
            < 80 => SayAsync(person, talk),
            < 93 when mayRead => ReadLatestAsync(person, talk),
            < 98 => TakeBackAsync(person, talk),
            98 when mayRead && talk.IsGroup && Random.Shared.Next(5) == 0 => _caller.CallAsync(HttpMethod.Delete, person, $"{talk.Path}/participants/{person.Id}"),
            _ => SayAsync(person, talk),
        };
    }

    /// <summary>What is said is read at once by those who read at once.</summary>
    private async Task SayAsync(TestUser person, Talk talk)
    {
        var said = await _caller.CallAsync(HttpMethod.Post, person, $"{talk.Path}/messages", new { content = $"{PushFaults.Content} {Random.Shared.Next()}" });
        var readers = talk.Members.Where(member => _habits[member.Id] == Habit.Reading && member != person);
        if (said is null)
        {
            // It may be stored all the same, and then nobody reads it.
            readers.ToList().ForEach(reader => _latelyRead[(reader.Id, talk.Id)] = true);
            return;
        }

        Interlocked.Increment(ref _count);
        var createdAt = (DateTimeOffset)said["created_at"]!;
        _latencies.Said(talk.Id, (long)said["seq"]!, person.Id, createdAt);
        foreach (var reader in readers)
        {
            if (await _caller.CallAsync(HttpMethod.Put, reader, $"{talk.Path}/read", new { message_id = (Guid)said["id"]! }) is null || TimeProvider.System.GetUtcNow() > createdAt + Grace)
            {
                _latelyRead[(reader.Id, talk.Id)] = true;
            }
        }
    }

    private async Task ReadLatestAsync(TestUser person, Talk talk)
    {
        if ((await _caller.ReadAsync(person, $"{talk.Path}/messages?limit=1"))?["items"]!.AsArray().FirstOrDefault() is { } latest)
        {
            _latencies.Read(talk.Id, (long)latest["seq"]!, person.Id);
            await _caller.CallAsync(HttpMethod.Put, person, $"{talk.Path}/read", new { message_id = (Guid)latest["id"]! });
        }
    }

    private async Task TakeBackAsync(TestUser person, Talk talk)
    {
        var own = (await _caller.ReadAsync(person, $"{talk.Path}/messages?limit=10"))?["items"]!.AsArray().FirstOrDefault(message => (Guid)message!["sender_id"]! == person.Id);
        if (own is not null)
        {
            _latencies.TakenBack(talk.Id, (long)own["seq"]!);
            await _caller.CallAsync(HttpMethod.Delete, person, $"{talk.Path}/messages/{own["id"]}");
        }
    }
}
