using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;
using Explaino.Trust.Tests.Network;

namespace Explaino.Trust.Tests.Safety;

/// <summary>Reports, decisions and what is audited, while the services that carry them are killed: each is there, and each is there once.</summary>
public sealed class SafetyTests(WiredSystem system)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(90);
    private static readonly Service[] Victims = [Service.Identity, Service.Wallet, Service.Jobs];

    [Fact]
    public async Task Each_report_is_in_one_case_each_decision_is_taken_once_and_each_action_is_one_entry_whatever_is_killed()
    {
        var admin = await system.SignInAsAdminAsync();
        var things = new ConcurrentBag<(Member Author, Guid Job)>();
        var reporter = await system.RegisterAsync();
        for (var number = 0; number < Scale.Of(test: 4, shortRun: 10, longRun: 15); number++)
        {
            var author = await system.RegisterAsync();
            await author.WalletAsync(Timeout);
            things.Add((author, (Guid)(await RepeatedAsync(author.Client, "/api/jobs", new { title = "Bad", description = "Worse." }, Guid.CreateVersion7()))["id"]!));
        }

        using var ended = new CancellationTokenSource();
        var killer = KillAsync(ended.Token);
        await Parallel.ForEachAsync(things, async (thing, _) =>
        {
            await RepeatedAsync(reporter.Client, $"/api/jobs/{thing.Job}/reports", new { reason = "spam" }, key: null);
            await RepeatedAsync(admin.Client, $"/api/wallets/{thing.Author.Id}/awards", new { amount = 7, reason = "For a test" }, Guid.CreateVersion7());
            var found = await CaseOfAsync(admin.Client, thing.Author.Id);
            await RepeatedAsync(admin.Client, $"/api/moderation/cases/{found["id"]}/decision", new { action = "remove", reason = "Spam" }, Guid.CreateVersion7());
        });
        await ended.CancelAsync();
        var kills = await killer;

        foreach (var (author, job) in things)
        {
            var only = Assert.Single(await ListAsync(admin.Client, $"/api/moderation/cases?author_id={author.Id}"));
            Assert.Equal((1, "removed"), ((int)only["report_count"]!, (string?)only["state"]));
            Assert.Single(await ListAsync(admin.Client, $"/api/admin/audit?subject_id={only["id"]}"), entry => (string?)entry["action"] == "decision");
            await Eventually.TrueAsync(async () => (await author.Client.GetAsync($"/api/jobs/{job}")).StatusCode == HttpStatusCode.NotFound, Timeout);
            await Eventually.TrueAsync(async () => (await AwardsAsync(admin.Client, author.Id)).Count == 1, Timeout);
            Assert.Equal(7, (int)(await author.Client.GetFromJsonAsync<JsonObject>("/api/wallet"))!["balance"]!);
        }

        // A late second one would have come by now: what was published after all of them is there.
        var last = await system.RegisterAsync();
        await last.WalletAsync(Timeout);
        await RepeatedAsync(admin.Client, $"/api/wallets/{last.Id}/awards", new { amount = 1, reason = "The last" }, Guid.CreateVersion7());
        await Eventually.TrueAsync(async () => (await AwardsAsync(admin.Client, last.Id)).Count == 1, Timeout);
        foreach (var (author, _) in things)
        {
            Assert.Single(await AwardsAsync(admin.Client, author.Id));
        }

        Figures.Record("Safety", "reports, awards and decisions under kills, each once", $"{things.Count}");
        Figures.Record("Safety", "processes killed meanwhile", $"{kills}");
    }

    private async Task<int> KillAsync(CancellationToken ended)
    {
        var kills = 0;
        while (!ended.IsCancellationRequested)
        {
            var victim = Victims[kills % Victims.Length];
            await system[victim].KillAsync();
            await system[victim].StartAsync();
            kills++;
        }

        return kills;
    }

    /// <summary>As a client does: again and again, under one key, until there is an answer of the service's own.</summary>
    private static async Task<JsonObject> RepeatedAsync(HttpClient client, string path, object body, Guid? key)
    {
        JsonObject? answer = null;
        await Eventually.TrueAsync(
            async () =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
                if (key is { } value)
                {
                    request.Headers.Add("Idempotency-Key", value.ToString());
                }

                using var response = await client.SendAsync(request);
                answer = response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<JsonObject>() : null;
                return answer is not null;
            },
            Timeout);
        return answer!;
    }

    private static async Task<JsonObject> CaseOfAsync(HttpClient admin, Guid author) => await Eventually.GetAsync(
        async () =>
        {
            using var response = await admin.GetAsync($"/api/moderation/cases?author_id={author}");
            return response.IsSuccessStatusCode && await response.ReadItemsAsync() is [var found] ? found : null;
        },
        Timeout);

    private static async Task<IReadOnlyList<JsonObject>> ListAsync(HttpClient admin, string path)
    {
        using var response = await admin.GetAsync(path);
        return await response.ReadItemsAsync();
    }

    private static async Task<List<JsonObject>> AwardsAsync(HttpClient admin, Guid userId) =>
        [.. (await ListAsync(admin, $"/api/admin/audit?subject_id={userId}")).Where(entry => (string?)entry["action"] == "award")];
}
