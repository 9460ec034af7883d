using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Explaino.Trust.Tests.Faults;

/// <summary>People who register, pay, post, comment, like, write to each other and edit their profiles, all at once, until they are stopped.</summary>
/// <remarks>Each repeats what was not acknowledged with the same key, so that at the end every write was made, and must be there once.</remarks>
internal sealed class MixedLoad
{
    private const int PeopleCount = 6;
    private const int StartBalance = 1_000_000;

    // Leaves a part of two cores free: on a full machine a restart takes as long as the scheduler lets it wait.
    private static readonly TimeSpan UsualPace = TimeSpan.FromMilliseconds(60);

    private readonly Func<RetryingClient> _newPerson;
    private readonly Channel<RetryingClient> _newcomers = Channel.CreateUnbounded<RetryingClient>();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _loops = [];
    private TimeSpan _pace;

    private MixedLoad(Func<RetryingClient> newPerson, History history) => (_newPerson, History) = (newPerson, history);

    public History History { get; }

    public List<RetryingClient> People { get; } = [];

    /// <summary>One post of each person, for comments and likes.</summary>
    public List<string> Jobs { get; } = [];

    /// <summary>One chat of each person, with the next one.</summary>
    public List<string> Chats { get; } = [];

    public ConcurrentBag<RetryingClient> Registered { get; } = [];

    /// <summary>Every write has its own text, which is looked for at the end.</summary>
    public ConcurrentBag<(Kind Kind, int Person, string Text)> Written { get; } = [];

    /// <summary>What each person's points must be at the end.</summary>
    public int[] Balances { get; } = [.. Enumerable.Repeat(StartBalance, PeopleCount)];

    public bool[] Likes { get; } = new bool[PeopleCount];

    public string?[] Skills { get; } = new string?[PeopleCount];

    /// <summary>How many things are done at once.</summary>
    public int Loops => _loops.Count;

    /// <summary>Brings the people together, before anything is broken.</summary>
    /// <param name="way">What leads there, where several gateways do; it is not disposed.</param>
    public static async Task<MixedLoad> PrepareAsync(Uri gateway, HttpMessageHandler? way = null)
    {
        var history = new History();
        var load = new MixedLoad(() => RetryingClient.New(gateway, history, way), history);
        using var admin = new RetryingClient(gateway, history, "admin@explaino.local", "admin", "Admin-Passw0rd!", way);
        await admin.SignInAsync();
        for (var number = 0; number < PeopleCount; number++)
        {
            var person = load._newPerson();
            await person.RegisterAsync();
            await admin.WriteAsync(
                HttpMethod.Post, $"/api/wallets/{person.Id}/awards", new { amount = StartBalance, reason = "Welcome" }, Guid.CreateVersion7(), mayComeLater: true);
            var job = await person.WriteAsync(HttpMethod.Post, "/api/jobs", new { title = "Discussed by all", description = "Say what you think." }, Guid.CreateVersion7());
            load.People.Add(person);
            load.Jobs.Add((string)job!["id"]!);
        }

        // What was broken before may still keep the news of them from a service.
        for (var number = 0; number < PeopleCount; number++)
        {
            await load.People[number].WriteAsync(HttpMethod.Get, $"/api/profiles/{load.Next(number).Id}", null, mayComeLater: true);
            var chat = await load.People[number].WriteAsync(HttpMethod.Post, "/api/chats", new { user_id = load.Next(number).Id }, mayComeLater: true);
            load.Chats.Add((string)chat!["id"]!);
        }

        return load;
    }

    /// <param name="withNewcomers">Whether people register meanwhile.</param>
    /// <param name="pace">How long each pauses after each thing.</param>
    public MixedLoad Start(bool withNewcomers = true, TimeSpan? pace = null)
    {
        _pace = pace ?? UsualPace;
        if (withNewcomers)
        {
            Repeat(RegisterAsync);
            Repeat(MeetNewcomerAsync);
        }

        foreach (var person in Enumerable.Range(0, PeopleCount))
        {
            Repeat(() => TransferAsync(person));
            Repeat(() => EditProfileAsync(person));
            Repeat(() => LikeAsync(person));
            if (person % 2 == 0)
            {
                Repeat(() => PostAsync(person));
                Repeat(() => CommentAsync(person));
                Repeat(() => SendMessageAsync(person));
                Repeat(() => ReadAsync(person));
            }
        }

        return this;
    }

    /// <summary>Lets everybody finish what they began.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        _newcomers.Writer.TryComplete();
        await Task.WhenAll(_loops);
    }

    private RetryingClient Next(int person) => People[(person + 1) % PeopleCount];

    private void Repeat(Func<Task> write) => _loops.Add(Task.Run(async () =>
    {
        while (!_stop.IsCancellationRequested)
        {
            await write();
            await Task.Delay(_pace);
        }
    }));

    private async Task RegisterAsync()
    {
        var newcomer = _newPerson();
        await newcomer.RegisterAsync();
        Registered.Add(newcomer);
        History.Acknowledge(Kind.Registration);
        _newcomers.Writer.TryWrite(newcomer);
    }

    /// <summary>A wallet shows that the event of the registration came through; of those who queue, the latest is asked.</summary>
    private async Task MeetNewcomerAsync()
    {
        if (!_newcomers.Reader.TryRead(out var newcomer))
        {
            return;
        }

        while (_newcomers.Reader.TryRead(out var later))
        {
            newcomer = later;
        }

        await newcomer.WriteAsync(HttpMethod.Get, "/api/wallet", null, mayComeLater: true);
        History.Acknowledge(Kind.Event);
    }

    private Task TransferAsync(int person) => WriteAsync(Kind.Transfer, person, async text =>
    {
        var amount = Random.Shared.Next(1, 4);
        await People[person].WriteAsync(
            HttpMethod.Post, "/api/wallet/transfers", new { to_user_id = Next(person).Id, amount, reason = text }, Guid.CreateVersion7());
        Interlocked.Add(ref Balances[person], -amount);
        Interlocked.Add(ref Balances[(person + 1) % PeopleCount], amount);
    });

    private Task PostAsync(int person) => WriteAsync(Kind.JobPost, person, text => People[person].WriteAsync(
        HttpMethod.Post, "/api/jobs", new { title = text, description = "Explain it to me." }, Guid.CreateVersion7()));

    private Task CommentAsync(int person) => WriteAsync(Kind.Comment, person, text => People[person].WriteAsync(
        HttpMethod.Post, $"/api/jobs/{Jobs[person]}/comments", new { content = text }, Guid.CreateVersion7()));

    private Task SendMessageAsync(int person) => WriteAsync(Kind.Message, person, text => People[person].WriteAsync(
        HttpMethod.Post, $"/api/chats/{Chats[person]}/messages", new { content = text, client_message_id = Guid.CreateVersion7() }));

    /// <summary>Everybody likes the first post, and thinks better of it.</summary>
    private async Task LikeAsync(int person)
    {
        await People[person].WriteAsync(Likes[person] ? HttpMethod.Delete : HttpMethod.Put, $"/api/jobs/{Jobs[0]}/like", null);
        Likes[person] = !Likes[person];
        History.Acknowledge(Kind.Like);
    }

    private async Task EditProfileAsync(int person)
    {
        var skill = Guid.CreateVersion7().ToString();
        await People[person].WriteAsync(HttpMethod.Put, "/api/profiles/me/skills", new[] { new { name = skill } });
        Skills[person] = skill;
        History.Acknowledge(Kind.Profile);
    }

    private async Task ReadAsync(int person)
    {
        await People[person].GetAsync($"/api/profiles/{Next(person).Id}");
        await People[person].GetAsync("/api/jobs?sort=newest");
        await People[person].GetAsync("/api/chats");
        await People[person].GetAsync("/api/wallet");
    }

    private async Task WriteAsync(Kind kind, int person, Func<string, Task> write)
    {
        var text = Guid.CreateVersion7().ToString();
        await write(text);
        Written.Add((kind, person, text));
        History.Acknowledge(kind);
    }
}
