using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;
using Explaino.Trust.Tests.Network;
using Npgsql;

namespace Explaino.Trust.Tests.Sessions;

/// <summary>A refresh token has one child, however many use it at once; a copy that comes back ends the session.</summary>
public sealed class RefreshTests(WiredSystem system)
{
    private const string Area = "Sessions";
    private const int AtOnce = 100;

    [Fact]
    public async Task A_hundred_uses_at_once_give_all_of_them_the_same_child()
    {
        var tokens = Scale.Of(test: 20, shortRun: 200, longRun: 1_000);
        var person = await system.RegisterAsync();
        var (different, refused) = (0, 0);
        for (var count = 0; count < tokens; count++)
        {
            var parent = (await LogInAsync(person)).Refresh;

            var answers = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => RefreshAsync(parent)));

            // Whoever got no connection to the database in time hears 503, and asks again.
            Assert.All(answers, answer => Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, $"{answer.Status}"));
            refused += answers.Count(answer => answer.Status == HttpStatusCode.ServiceUnavailable);
            different += answers.Where(answer => answer.Refresh is not null).Select(answer => answer.Refresh).Distinct().Count() == 1 ? 0 : 1;
        }

        var families = await FamiliesAsync(person.Id);
        Figures.Record(Area, $"refresh tokens, each used {AtOnce} times at once", $"{tokens}");
        Figures.Record(Area, "of these with other than one child", $"{different + families.Count(children => children != 1)}");
        Figures.Record(Area, "of the uses answered 503", $"{refused}");
        Assert.Equal(0, different);
        Assert.Equal(tokens, families.Count);
        Assert.All(families, children => Assert.Equal(1, children));
    }

    [Fact]
    public async Task A_grandparent_that_comes_back_ends_the_session_even_while_its_heir_is_used()
    {
        var families = Scale.Of(test: 20, shortRun: 200, longRun: 1_000);
        var person = await system.RegisterAsync();
        var survivors = 0;
        await Parallel.ForAsync(0, families, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (_, _) =>
        {
            var first = (await LogInAsync(person)).Refresh;
            var second = (await RefreshAsync(first)).Refresh!;
            var third = (await RefreshAsync(second)).Refresh!;

            var heir = RefreshAsync(third);
            var replayed = await RefreshAsync(first);
            var latest = await heir;

            Assert.Equal(HttpStatusCode.Unauthorized, replayed.Status);
            if ((await RefreshAsync(latest.Refresh ?? third)).Status != HttpStatusCode.Unauthorized
                || (latest.Access is not null && await MayEnterAsync(latest.Access)))
            {
                Interlocked.Increment(ref survivors);
            }
        });

        Figures.Record(Area, "grandparents replayed while the newest token was used", $"{families}");
        Figures.Record(Area, "sessions that survived it", $"{survivors}");
        Assert.Equal(0, survivors);
    }

    [Fact]
    public async Task A_second_child_is_noticed()
    {
        var person = await system.RegisterAsync();
        var parent = (await LogInAsync(person)).Refresh;
        await RefreshAsync(parent);

        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO refresh_tokens (hash, session_id, parent_hash, expires_at)
            SELECT sha256(hash), session_id, parent_hash, expires_at FROM refresh_tokens JOIN sessions ON sessions.id = session_id
            WHERE user_id = $1 AND parent_hash IS NOT NULL
            """,
            connection);
        command.Parameters.AddWithValue(person.Id);
        await command.ExecuteNonQueryAsync();

        Assert.Equal([2], await FamiliesAsync(person.Id));
    }

    /// <summary>How many children each spent token of the person has.</summary>
    private async Task<IReadOnlyList<long>> FamiliesAsync(Guid userId)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(
            """
            SELECT count(*) FROM refresh_tokens JOIN sessions ON sessions.id = session_id
            WHERE user_id = $1 AND parent_hash IS NOT NULL GROUP BY parent_hash
            """,
            connection);
        command.Parameters.AddWithValue(userId);
        await using var reader = await command.ExecuteReaderAsync();
        var counts = new List<long>();
        while (await reader.ReadAsync())
        {
            counts.Add(reader.GetInt64(0));
        }

        return counts;
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(system.Databases[Service.Identity].SuperuserConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    private async Task<(string Access, string Refresh)> LogInAsync(Member person)
    {
        using var response = await system.Gateway.PostAsJsonAsync("/api/auth/token", new { email = person.Email, password = ExplainoSystem.Password });
        var pair = await response.ReadObjectAsync();
        return ((string)pair["access_token"]!, (string)pair["refresh_token"]!);
    }

    private async Task<(HttpStatusCode Status, string? Access, string? Refresh)> RefreshAsync(string token)
    {
        using var response = await system.Gateway.PostAsJsonAsync("/api/auth/token/refresh", new { refresh_token = token });
        var pair = response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<JsonObject>() : null;
        return (response.StatusCode, (string?)pair?["access_token"], (string?)pair?["refresh_token"]);
    }

    private async Task<bool> MayEnterAsync(string accessToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/users/me");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        using var response = await system.Gateway.SendAsync(request);
        return response.StatusCode != HttpStatusCode.Unauthorized;
    }
}
