using System.Text.Json.Nodes;

namespace Explaino.Trust.Tests.Faults;

/// <summary>The checker: reads through the API what is there, and says what differs from what was acknowledged.</summary>
internal sealed class Readback(MixedLoad load, IReadOnlyList<RetryingClient> people)
{
    private readonly List<string> _complaints = [];

    public static async Task<IReadOnlyList<string>> ComplaintsAsync(MixedLoad load, Uri gateway)
    {
        var noted = new History();
        var people = load.People.Select(person => person.At(gateway, noted)).ToList();
        await Task.WhenAll(people.Select(person => person.SignInAsync()));
        var readback = new Readback(load, people);
        for (var person = 0; person < people.Count; person++)
        {
            await readback.CheckPersonAsync(person);
        }

        await readback.CheckLikesAsync();
        foreach (var newcomer in load.Registered)
        {
            await readback.CheckNewcomerAsync(newcomer.At(gateway, noted));
        }

        readback._complaints.AddRange(noted.Violations);
        return readback._complaints;
    }

    private async Task CheckPersonAsync(int person)
    {
        var phone = people[person];
        var transactions = await phone.ListAsync("/api/wallet/transactions");
        Compare(Kind.Transfer, person, transactions.Where(transaction => (int)transaction["amount"]! < 0), "reason");
        Expect(load.Balances[person], (int?)(await phone.GetAsync("/api/wallet"))["balance"], $"points of {phone.Id}");

        var posts = await phone.ListAsync($"/api/jobs?author_id={phone.Id}&sort=newest");
        Compare(Kind.JobPost, person, posts.Where(post => (string?)post["id"] != load.Jobs[person]), "title");

        var comments = await phone.ListAsync($"/api/jobs/{load.Jobs[person]}/comments");
        Compare(Kind.Comment, person, comments, "content");
        Expect(comments.Count, (int?)(await phone.GetAsync($"/api/jobs/{load.Jobs[person]}"))["comment_count"], "comment_count");

        var messages = await phone.ListAsync($"/api/chats/{load.Chats[person]}/messages");
        Compare(Kind.Message, person, messages, "content");
        Expect(messages.Count, messages is [var last, ..] ? (int?)last["seq"] : 0, "seq of the last message");

        var skills = await phone.ListAsync($"/api/profiles/{phone.Id}/skills");
        Expect(load.Skills[person], (string?)skills.SingleOrDefault()?["name"], $"skill of {phone.Id}");
    }

    private async Task CheckLikesAsync()
    {
        for (var person = 0; person < people.Count; person++)
        {
            var job = await people[person].GetAsync($"/api/jobs/{load.Jobs[0]}");
            Expect(load.Likes[person], (bool?)job["liked_by_me"], $"like of {people[person].Id}");
            Expect(load.Likes.Count(liked => liked), (int?)job["like_count"], "like_count");
        }
    }

    private async Task CheckNewcomerAsync(RetryingClient newcomer)
    {
        await newcomer.SignInAsync();
        Expect(newcomer.Email, (string?)(await newcomer.GetAsync("/api/users/me"))["email"], "e-mail of a newcomer");
        Expect(1, (await newcomer.ListAsync($"/api/users?username={newcomer.Username}")).Count, "users of one name");
        Expect(0, (int?)(await newcomer.WriteAsync(HttpMethod.Get, "/api/wallet", null, mayComeLater: true))!["balance"], "points of a newcomer");
        newcomer.Dispose();
    }

    private void Compare(Kind kind, int person, IEnumerable<JsonObject> found, string member)
    {
        var counts = found.CountBy(item => (string?)item[member] ?? "").ToDictionary();
        var written = load.Written.Where(write => write.Kind == kind && write.Person == person).Select(write => write.Text).ToHashSet();
        _complaints.AddRange(written.Where(text => !counts.ContainsKey(text)).Select(text => $"lost: {kind} {text}"));
        _complaints.AddRange(counts.Where(text => text.Value > 1).Select(text => $"doubled: {kind} {text.Key}, {text.Value} times"));
        _complaints.AddRange(counts.Keys.Except(written).Select(text => $"invented: {kind} {text}"));
    }

    private void Expect<T>(T expected, T? actual, string what)
    {
        if (!Equals(expected, actual))
        {
            _complaints.Add($"{what}: {actual}, but acknowledged was {expected}");
        }
    }
}
