using System.Net;
using Explaino.Testing;

namespace Explaino.ServiceData.Tests;

/// <summary>A call with a key is made once, however often it comes, and answered as it was the first time.</summary>
public sealed class IdempotencyTests(Notebook notebook) : IClassFixture<Notebook>
{
    [Theory]
    [InlineData("Explain engines", HttpStatusCode.Created)]
    [InlineData("Read it", HttpStatusCode.OK)]
    [InlineData("Say nothing", HttpStatusCode.NoContent)]
    public async Task The_second_time_the_first_answer_is_given_again_and_nothing_is_done(string text, HttpStatusCode status)
    {
        var (key, notes) = (NewKey(), await notebook.CountAsync("notes"));

        using var first = await notebook.PostAsync("/api/notes", text, key);
        using var again = await notebook.PostAsync("/api/notes", text, key);

        Assert.Equal((status, status), (first.StatusCode, again.StatusCode));
        Assert.Equal((false, true), (IsReplayed(first), IsReplayed(again)));
        Assert.Equal(status == HttpStatusCode.Created, first.Headers.Location is not null);
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Equal(first.Content.Headers.ContentType, again.Content.Headers.ContentType);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal(notes + 1, await notebook.CountAsync("notes"));
    }

    [Fact]
    public async Task Of_many_at_once_one_is_done()
    {
        var (key, notes) = (NewKey(), await notebook.CountAsync("notes"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => notebook.PostAsync("/api/notes", "Once", key)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.StatusCode));
        Assert.Equal(9, answers.Count(IsReplayed));
        Assert.Equal(notes + 1, await notebook.CountAsync("notes"));
    }

    [Fact]
    public async Task Another_body_under_the_same_key_is_refused_and_the_first_answer_stays()
    {
        var (key, notes) = (NewKey(), await notebook.CountAsync("notes"));
        using var first = await notebook.PostAsync("/api/notes", "One", key);

        using var other = await notebook.PostAsync("/api/notes", "Other", key);

        await other.IsProblemAsync(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
        using var again = await notebook.PostAsync("/api/notes", "One", key);
        Assert.True(IsReplayed(again));
        Assert.Equal(notes + 1, await notebook.CountAsync("notes"));
    }

    [Theory]
    [InlineData("Refuse", HttpStatusCode.Conflict)]
    [InlineData("Choose", HttpStatusCode.MultipleChoices)]
    [InlineData("Fail", HttpStatusCode.InternalServerError)]
    public async Task What_did_not_succeed_is_undone_and_not_kept(string text, HttpStatusCode status)
    {
        var (key, notes) = (NewKey(), await notebook.CountAsync("notes"));

        using var refused = await notebook.PostAsync("/api/notes", text, key);

        Assert.Equal(status, refused.StatusCode);
        Assert.Equal((notes, 0), (await notebook.CountAsync("notes"), await notebook.CountAsync($"idempotency_keys WHERE key = '{key}'")));
        using var another = await notebook.PostAsync("/api/notes", "Something else", key);
        Assert.Equal((HttpStatusCode.Created, false), (another.StatusCode, IsReplayed(another)));
    }

    [Fact]
    public async Task Without_a_key_every_call_is_made_where_none_is_needed()
    {
        var notes = await notebook.CountAsync("notes");

        using var one = await notebook.PostAsync("/api/notes", "Twice", key: null);
        using var two = await notebook.PostAsync("/api/notes", "Twice", key: null);

        Assert.Equal((false, false), (IsReplayed(one), IsReplayed(two)));
        Assert.Equal(notes + 2, await notebook.CountAsync("notes"));
    }

    [Theory]
    [InlineData("/api/books/notes", null)]
    [InlineData("/api/books/keys", null)]
    [InlineData("/api/notes", "17")]
    [InlineData("/api/keys", "17")]
    [InlineData("/api/notes", "{019a7c1e-5a00-7000-8000-000000000001}")]
    [InlineData("/api/notes", "019a7c1e-5a00-7000-8000-000000000001,019a7c1e-5a00-7000-8000-000000000002")]
    public async Task A_key_is_one_uuid_and_sent_where_it_is_needed(string path, string? key)
    {
        var notes = await notebook.CountAsync("notes");

        using var refused = await notebook.PostAsync(path, "Never", key);

        await refused.IsProblemAsync(HttpStatusCode.BadRequest, "idempotency_key_invalid");
        Assert.Equal(notes, await notebook.CountAsync("notes"));
    }

    [Fact]
    public async Task A_key_belongs_to_its_user_and_to_the_path_however_that_is_spelt()
    {
        var key = NewKey();
        using var first = await notebook.PostAsync("/api/notes", "Mine", key);

        using var spelt = await notebook.PostAsync("/api/Notes/", "Mine", key);
        using var elsewhere = await notebook.PostAsync("/api/books/notes", "Mine", key);
        using var others = await notebook.PostAsync("/api/notes", "Mine", key, TestUser.New());
        using var again = await notebook.PostAsync("/api/notes", "Mine", key);

        Assert.Equal((true, false, false, true), (IsReplayed(spelt), IsReplayed(elsewhere), IsReplayed(others), IsReplayed(again)));
        Assert.Equal(1, await notebook.CountAsync($"idempotency_keys WHERE key = '{key}' AND call = 'POST /api/books/notes'"));
    }

    [Fact]
    public async Task A_call_without_a_body_has_keys_too()
    {
        var (key, notes) = (NewKey(), await notebook.CountAsync("notes"));

        using var first = await notebook.PostAsync("/api/marks", text: null, key);
        using var again = await notebook.PostAsync("/api/marks", text: null, key);

        Assert.Equal((false, true), (IsReplayed(first), IsReplayed(again)));
        Assert.Equal(notes + 1, await notebook.CountAsync("notes"));
    }

    [Fact]
    public async Task A_handler_that_claims_the_key_itself_is_told_of_it()
    {
        var key = NewKey();

        using var with = await notebook.PostAsync("/api/keys", "Whose?", key);
        using var without = await notebook.PostAsync("/api/keys", "Whose?", key: null);

        Assert.Equal(key, (string?)(await with.ReadObjectAsync())["key"]);
        Assert.Null((await without.ReadObjectAsync())["key"]);
    }

    [Fact]
    public async Task After_a_day_a_key_is_as_good_as_new_and_its_answer_goes()
    {
        var (key, forgotten) = (NewKey(), NewKey());
        using var first = await notebook.PostAsync("/api/notes", "Today", key);
        using var only = await notebook.PostAsync("/api/notes", "Today", forgotten);
        notebook.Clock.Advance(TimeSpan.FromHours(23));
        using var within = await notebook.PostAsync("/api/notes", "Today", key);
        notebook.Clock.Advance(TimeSpan.FromHours(2));

        using var anew = await notebook.PostAsync("/api/notes", "Tomorrow", key);
        using var again = await notebook.PostAsync("/api/notes", "Tomorrow", key);

        Assert.Equal((true, false, true), (IsReplayed(within), IsReplayed(anew), IsReplayed(again)));
        Assert.Equal(await anew.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        await using var other = await notebook.StartAnotherAsync();
        await Eventually.TrueAsync(async () => await notebook.CountAsync($"idempotency_keys WHERE key = '{forgotten}'") == 0);
        Assert.Equal(1, await notebook.CountAsync($"idempotency_keys WHERE key = '{key}'"));
    }

    [Fact]
    public async Task An_event_that_the_handler_stored_by_a_statement_is_out_within_milliseconds_of_the_commit()
    {
        for (var time = 0; time < 20; time++)
        {
            using var greeted = await notebook.PostAsync("/api/greetings", text: null, NewKey());
            await Eventually.TrueAsync(async () => await notebook.CountAsync("outbox_messages WHERE sent_at IS NULL") == 0);
        }

        await using var median = notebook.Database.CreateCommand("SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY sent_at - created_at) FROM outbox_messages");
        Assert.InRange((TimeSpan)(await median.ExecuteScalarAsync())!, TimeSpan.Zero, TimeSpan.FromMilliseconds(250));
    }

    private static string NewKey() => Guid.CreateVersion7().ToString();

    private static bool IsReplayed(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Idempotency-Replayed", out var values) && values.Single() == "true";
}
