using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Explaino.Trust.Tests.Faults;

namespace Explaino.Trust.Tests.Rollout;

/// <summary>Read-your-writes checker: two people who write in every service, repeat it with the same key, and read at once what they wrote, whichever version answers.</summary>
internal sealed class OwnWrites
{
    private const int StartBalance = 1_000_000;
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly RetryingClient _one;
    private readonly RetryingClient _other;
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;
    private string _chat = "";
    private int _seq;
    private int _rounds;

    private OwnWrites(Func<RetryingClient> newPerson) => (_one, _other) = (newPerson(), newPerson());

    public ConcurrentQueue<string> Wrong { get; } = new();

    public int Rounds => Volatile.Read(ref _rounds);

    public static async Task<OwnWrites> StartAsync(Uri gateway, HttpMessageHandler way, History history)
    {
        var own = new OwnWrites(() => RetryingClient.New(gateway, history, way));
        using var admin = new RetryingClient(gateway, history, "admin@explaino.local", "admin", "Admin-Passw0rd!", way);
        await admin.SignInAsync();
        foreach (var person in (RetryingClient[])[own._one, own._other])
        {
            await person.RegisterAsync();
            await admin.WriteAsync(
                HttpMethod.Post, $"/api/wallets/{person.Id}/awards", new { amount = StartBalance, reason = "Welcome" }, Guid.CreateVersion7(), mayComeLater: true);
        }

        await own._one.WriteAsync(HttpMethod.Get, $"/api/profiles/{own._one.Id}", null, mayComeLater: true);
        own._chat = (string)(await own._one.WriteAsync(HttpMethod.Post, "/api/chats", new { user_id = own._other.Id }, mayComeLater: true))!["id"]!;
        own._loop = Task.Run(own.RepeatAsync);
        return own;
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _one.Dispose();
        _other.Dispose();
    }

    private async Task RepeatAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var text = Guid.CreateVersion7().ToString();
            await EditAsync("/api/users/me", "/api/users/me", "bio", text);
            await EditAsync("/api/profiles/me", $"/api/profiles/{_one.Id}", "headline", text);
            await PostAsync(text);
            await TransferAsync(text);
            await SendMessageAsync(text);
            Interlocked.Increment(ref _rounds);
            await Task.Delay(Pace);
        }
    }

    private async Task EditAsync(string path, string readPath, string member, string text)
    {
        await _one.WriteAsync(HttpMethod.Patch, path, new Dictionary<string, string> { [member] = text });
        Expect($"{readPath} {member}", text, (string?)(await _one.GetAsync(readPath))[member]);
    }

    private async Task PostAsync(string text)
    {
        var job = await TwiceAsync("/api/jobs", new { title = text, description = $"{text}." });
        var path = $"/api/jobs/{job["id"]}";
        var comment = await TwiceAsync($"{path}/comments", new { content = text });
        var read = await _one.GetAsync(path);
        Expect($"{path} title", text, (string?)read["title"]);
        Expect($"{path} description", $"{text}.", (string?)read["description"]);
        Expect($"{path} comment_count", 1, (int?)read["comment_count"]);
        var comments = await _one.ListAsync($"{path}/comments");
        Expect($"{path}/comments", $"{comment["id"]} {text}", string.Join(", ", comments.Select(one => $"{one["id"]} {one["content"]}")));
    }

    private async Task TransferAsync(string text)
    {
        var transfer = await TwiceAsync("/api/wallet/transfers", new { to_user_id = _other.Id, amount = 1, reason = text });
        var read = await _one.GetAsync($"/api/wallet/transactions/{transfer["id"]}");
        Expect("/api/wallet/transactions reason", text, (string?)read["reason"]);
        Expect("/api/wallet balance", StartBalance - Rounds - 1, (int?)(await _one.GetAsync("/api/wallet"))["balance"]);
    }

    private async Task SendMessageAsync(string text)
    {
        var path = $"/api/chats/{_chat}/messages";
        var message = await TwiceAsync(path, new { content = text, client_message_id = Guid.CreateVersion7() });
        var read = await _other.GetAsync($"{path}/{message["id"]}");
        Expect($"{path} content", text, (string?)read["content"]);
        Expect($"{path} seq", ++_seq, (int?)read["seq"]);
    }

    /// <summary>The second time another instance may answer, and must know the first.</summary>
    private async Task<JsonObject> TwiceAsync(string path, object body)
    {
        var key = Guid.CreateVersion7();
        var first = (await _one.WriteAsync(HttpMethod.Post, path, body, key))!;
        var second = (await _one.WriteAsync(HttpMethod.Post, path, body, key))!;
        Expect($"{path} repeated: id", (string?)first["id"], (string?)second["id"]);
        return first;
    }

    private void Expect<T>(string what, T? expected, T? actual)
    {
        if (!Equals(expected, actual))
        {
            Wrong.Enqueue($"{what}: {actual}, but written was {expected}");
        }
    }
}
