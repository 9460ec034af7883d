using Explaino.Client;
using Explaino.Testing;

namespace Explaino.EndToEnd.Tests;

/// <summary>What two people do with Explaino.Client over a network that may lose answers; what came of it is asked without that network.</summary>
internal sealed class ClientScenario : IAsyncDisposable
{
    private const int Many = 8;
    private static int _people;

    private readonly List<ExplainoClient> _clients = [];
    private readonly Uri _gateway;
    private readonly Uri _truth;
    private Person _ada = null!;
    private Person _bob = null!;

    private ClientScenario(Uri gateway, Uri truth) => (_gateway, _truth) = (gateway, truth);

    /// <summary>How often the many calls that were refused at once asked for a newer token.</summary>
    public int Refreshes { get; private set; }

    public static async Task<ClientScenario> BeginAsync(Uri gateway, Uri truth)
    {
        var scenario = new ClientScenario(gateway, truth);
        scenario._ada = await scenario.RegisterAsync();
        scenario._bob = await scenario.RegisterAsync();
        return scenario;
    }

    public async Task PlayAsync()
    {
        await WalletAndProfileAsync();
        await PostsAsync();
        await PointsAsync();
        await TalkAsync();
        await RefreshAsync();
        Assert.All([_ada, _bob], person => Assert.False(person.WasLoggedOut));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            await client.DisposeAsync();
        }
    }

    private async Task WalletAndProfileAsync()
    {
        Assert.Equal(0, (await _ada.Api.GetMineAsync()).Balance);

        await _ada.Api.UpdateProfileAsync(new MergePatchOfProfileRequest { Headline = "Explains looms", Location = "London" });
        await _ada.Api.UpdateProfileAsync(new MergePatchOfProfileRequest { About = "Since 1843", AdditionalProperties = { ["location"] = null! } });

        var seen = await _bob.There.GetProfileAsync(_ada.Id);
        Assert.Equal(("Explains looms", "Since 1843", null), (seen.Headline, seen.About, seen.Location));
        var refused = await Assert.ThrowsAsync<ApiException<Problem>>(() => _ada.Api.ChangeMeAsync(new MergePatchOfUserRequest { First_name = new('x', 51) }));
        Assert.Equal(("validation_failed", 1), (refused.Result.Code, refused.Result.Errors!["first_name"].Count));
    }

    private async Task PostsAsync()
    {
        var posts = await Task.WhenAll(Enumerable.Range(0, Many).Select(number =>
            _ada.Api.PostJobAsync(new JobRequest { Title = $"Loom {number}", Description = "To a beginner.", Employment_type = EmploymentType.Part_time })));
        var (discussed, withdrawn) = (posts[0].Id, posts[^1].Id);
        await Task.WhenAll(Enumerable.Range(0, Many).Select(number => _bob.Api.PostCommentAsync(discussed, new CommentRequest { Content = $"{number}" })));
        await _bob.Api.LikeJobAsync(discussed);
        await _ada.Api.DeleteJobAsync(withdrawn);

        var mine = await _ada.There.ListJobsAsync(author_id: _ada.Id, limit: 100);
        Assert.Equal(posts.SkipLast(1).Select(post => post.Id).Order(), mine.Items.Select(post => post.Id).Order());
        var comments = await _ada.There.ListCommentsAsync(discussed, limit: 100);
        Assert.Equal(Enumerable.Range(0, Many).Select(number => $"{number}"), comments.Items.Select(comment => comment.Content).Order());
        Assert.Equal((1, Many), (mine.Items.Single(post => post.Id == discussed).Like_count, mine.Items.Single(post => post.Id == discussed).Comment_count));
    }

    private async Task PointsAsync()
    {
        var admin = ClientOf(_gateway);
        await admin.Session.LogInAsync("admin@explaino.local", "Admin-Passw0rd!");
        await _bob.Api.GetMineAsync();
        await admin.Api.AwardAsync(_ada.Id, Guid.CreateVersion7(), new AdjustmentRequest { Amount = 100, Reason = "Welcome" });
        await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => _ada.Api.TransferAsync(Guid.CreateVersion7(), new TransferRequest { To_user_id = _bob.Id, Amount = 1 })));

        Assert.Equal((100 - Many, Many), ((await _ada.There.GetMineAsync()).Balance, (await _bob.There.GetMineAsync()).Balance));
    }

    private async Task TalkAsync()
    {
        var chat = (await _ada.Api.StartChatAsync(new StartChatRequest { User_id = _bob.Id })).Id;
        await _ada.Client.Chat.StartAsync();
        await _bob.Client.Chat.StartAsync();
        await Eventually.TrueAsync(() => _ada.Client.Chat.IsConnected && _bob.Client.Chat.IsConnected);
        for (var number = 0; number < 20; number++)
        {
            await (number % 3 == 0 ? _bob : _ada).SayAsync(chat, $"{number}");
        }

        await SameAsync(chat, 20, _ada, _bob);
        await BeAwayAsync(chat);
    }

    /// <summary>Carol's phone is in a tunnel while the others go on, change their minds, and she says something too.</summary>
    private async Task BeAwayAsync(Guid chat)
    {
        using var tunnel = new Wire("127.0.0.1", _gateway.Port);
        var away = new Person(ClientOf(new($"http://127.0.0.1:{tunnel.Port}"), _ada.Client.Session.Tokens), _ada.Id, _ada.There);
        await away.Client.Chat.StartAsync();
        await Eventually.TrueAsync(() => away.Client.Chat.IsConnected);
        tunnel.TakeAway();
        await Eventually.TrueAsync(() => !away.Client.Chat.IsConnected);

        var messages = _bob.Client.Chat.Store.MessagesOf(chat).Where(message => message.Sender_id == _bob.Id).ToList();
        await _bob.Api.EditMessageOfChatAsync(chat, messages[0].Id, new MergePatchOfMessageRequest { Content = "edited" });
        await _bob.Api.DeleteMessageOfChatAsync(chat, messages[1].Id);
        await _bob.SayAsync(chat, "Where are you?");
        var said = away.SayAsync(chat, "In a tunnel");
        tunnel.BringBack();
        await said;

        await SameAsync(chat, 22, _ada, _bob, away);
    }

    private async Task RefreshAsync()
    {
        var tokens = _ada.Client.Session.Tokens!;
        var person = new Person(ClientOf(_gateway, tokens with { AccessToken = $"{tokens.AccessToken}x" }), _ada.Id, _ada.There);
        person.Client.Session.Changed += _ => Refreshes++;

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => person.Api.GetMeAsync()));

        Assert.All(answers, user => Assert.Equal(_ada.Id, user.Id));
        Assert.False(person.WasLoggedOut);
    }

    /// <summary>Everybody's store is the server's, edits and deletions included.</summary>
    private async Task SameAsync(Guid chat, int count, params Person[] people)
    {
        var there = (await _bob.There.GetHistoryOfChatAsync(chat, after: Guid.Empty, limit: 100)).Items.Select(Shape).ToList();
        Assert.Equal(count, there.Count);
        foreach (var person in people)
        {
            await Eventually.TrueAsync(() => person.Client.Chat.Store.MessagesOf(chat).Select(Shape).SequenceEqual(there), TimeSpan.FromSeconds(30));
        }
    }

    private static (long, Guid, string?, long?, bool) Shape(MessageResponse message) => (message.Seq, message.Id, message.Content, message.Change, message.Deleted_at is null);

    private async Task<Person> RegisterAsync()
    {
        var client = ClientOf(_gateway);
        var name = $"net{Environment.ProcessId % 1000:D3}{Interlocked.Increment(ref _people):D4}";
        await client.Session.RegisterAsync(new RegisterRequest { Email = $"{name}@example.org", Username = name, Password = GatewayUsers.Password, First_name = "Ada" });
        var there = ClientOf(_truth);
        await there.Session.LogInAsync($"{name}@example.org", GatewayUsers.Password);
        return new Person(client, (await there.Api.GetMeAsync()).Id, there.Api);
    }

    private ExplainoClient ClientOf(Uri gateway, Tokens? tokens = null)
    {
        var client = new ExplainoClient(gateway, new() { Tokens = tokens });
        _clients.Add(client);
        return client;
    }

    /// <summary>Somebody on the bad network, and the same person on a good one.</summary>
    private sealed record Person(ExplainoClient Client, Guid Id, ExplainoApi There)
    {
        public ExplainoApi Api => Client.Api;

        public bool WasLoggedOut => Client.Session.Tokens is null;

        public Task<MessageResponse> SayAsync(Guid chat, string content) =>
            Client.Chat.SendAsync(Client.Chat.Store.Conversations.Single(conversation => conversation.Id == chat), content);
    }
}
