using System.Collections.Concurrent;
using Explaino.Testing;
using Explaino.Trust.Tests.Faults;

namespace Explaino.Trust.Tests.Backup;

/// <summary>What somebody writes in one of the services.</summary>
internal enum Place
{
    Bio,
    Transfer,
    Headline,
    Post,
    Message,
}

/// <summary>One write, with the times between which it was made; what was not acknowledged may be there or not.</summary>
internal sealed record DatedWrite(Place Place, int Person, string Text, DateTimeOffset Begun, DateTimeOffset? Acknowledged);

/// <summary>People who write in every service at once and repeat nothing, so that each write tells on which side of a moment it is.</summary>
internal sealed class DatedLoad
{
    public static readonly Place[] Places = Enum.GetValues<Place>();

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private readonly MixedLoad _prepared;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _loops = [];
    private readonly long[] _acknowledged = new long[Places.Length];

    private DatedLoad(MixedLoad prepared) => _prepared = prepared;

    public IReadOnlyList<RetryingClient> People => _prepared.People;

    public ConcurrentQueue<DatedWrite> Writes { get; } = new();

    public static async Task<DatedLoad> StartAsync(Uri gateway)
    {
        var load = new DatedLoad(await MixedLoad.PrepareAsync(gateway));
        for (var number = 0; number < load.People.Count; number++)
        {
            // Who it is, in a variable of its own for the loops that follow.
            var person = number;
            load._loops.AddRange(Places.Select(place => Task.Run(() => load.RepeatAsync(place, person))));
        }

        return load;
    }

    /// <summary>Until so many more writes of each kind are acknowledged.</summary>
    public Task GoOnAsync(int count)
    {
        var goal = _acknowledged.Select(known => known + count).ToList();
        return Eventually.TrueAsync(() => Places.All(place => Volatile.Read(ref _acknowledged[(int)place]) >= goal[(int)place]), Timeout);
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_loops);
    }

    /// <summary>The system is back: everybody logs in again, and somebody new comes through all services.</summary>
    public async Task ComeBackAsync(Uri gateway)
    {
        await Task.WhenAll(People.Select(person => person.SignInAsync()));
        using var newcomer = RetryingClient.New(gateway, _prepared.History);
        await newcomer.RegisterAsync();
        await newcomer.WriteAsync(HttpMethod.Get, "/api/wallet", null, mayComeLater: true);
        await newcomer.WriteAsync(HttpMethod.Patch, "/api/profiles/me", new { headline = "New" });
        await newcomer.WriteAsync(HttpMethod.Post, "/api/jobs", new { title = "First", description = "After the restore." }, Guid.CreateVersion7());
        var chat = await newcomer.WriteAsync(HttpMethod.Post, "/api/chats", new { user_id = People[0].Id }, mayComeLater: true);
        await newcomer.WriteAsync(HttpMethod.Post, $"/api/chats/{chat!["id"]}/messages", new { content = "Hello", client_message_id = Guid.CreateVersion7() });
    }

    /// <summary>The texts that are there now, as the API shows them: of what is overwritten the last one.</summary>
    public async Task<IReadOnlyCollection<string>> ReadAsync(Place place, int person)
    {
        var phone = People[person];
        return place switch
        {
            Place.Bio => [(string?)(await phone.GetAsync("/api/users/me"))["bio"] ?? ""],
            Place.Headline => [(string?)(await phone.GetAsync($"/api/profiles/{phone.Id}"))["headline"] ?? ""],
            Place.Transfer => await TextsAsync(phone, "/api/wallet/transactions", "reason"),
            Place.Post => await TextsAsync(phone, $"/api/jobs?author_id={phone.Id}&sort=newest", "title"),
            _ => await TextsAsync(phone, $"/api/chats/{_prepared.Chats[person]}/messages", "content"),
        };
    }

    private static async Task<IReadOnlyCollection<string>> TextsAsync(RetryingClient phone, string path, string member) =>
        (await phone.ListAsync(path)).Select(item => (string?)item[member] ?? "").ToHashSet();

    private async Task RepeatAsync(Place place, int person)
    {
        while (!_stop.IsCancellationRequested)
        {
            var (text, begun) = (Guid.CreateVersion7().ToString(), TimeProvider.System.GetUtcNow());
            var acknowledged = await TryAsync(place, person, text);
            Writes.Enqueue(new(place, person, text, begun, acknowledged ? TimeProvider.System.GetUtcNow() : null));
            if (acknowledged)
            {
                Interlocked.Increment(ref _acknowledged[(int)place]);
            }

            await Task.Delay(Pace);
        }
    }

    private Task<bool> TryAsync(Place place, int person, string text) => place switch
    {
        Place.Bio => People[person].TryAsync(HttpMethod.Patch, "/api/users/me", new { bio = text }),
        Place.Headline => People[person].TryAsync(HttpMethod.Patch, "/api/profiles/me", new { headline = text }),
        Place.Transfer => People[person].TryAsync(
            HttpMethod.Post, "/api/wallet/transfers", new { to_user_id = People[(person + 1) % People.Count].Id, amount = 1, reason = text }, Guid.CreateVersion7()),
        Place.Post => People[person].TryAsync(HttpMethod.Post, "/api/jobs", new { title = text, description = "Explain it to me." }, Guid.CreateVersion7()),
        _ => People[person].TryAsync(
            HttpMethod.Post, $"/api/chats/{_prepared.Chats[person]}/messages", new { content = text, client_message_id = Guid.CreateVersion7() }),
    };
}
