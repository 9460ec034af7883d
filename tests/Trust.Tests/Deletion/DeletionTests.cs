using System.Diagnostics;
using System.Net.Http.Json;
using Explaino.Testing;
using Explaino.Trust.Tests.Events;
using Explaino.Trust.Tests.Faults;
using Explaino.Trust.Tests.Network;
using Npgsql;

namespace Explaino.Trust.Tests.Deletion;

/// <summary>Who deletes the account is gone: from every table, queue, file and log, while others work, and whatever events come late or again.</summary>
public sealed class DeletionTests(WiredSystem system)
{
    private const string Area = "Deletion";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Nothing_of_a_deleted_person_is_found_anywhere()
    {
        var load = (await MixedLoad.PrepareAsync(system.Gateway.BaseAddress!)).Start();
        var people = Enumerable.Range(0, Scale.Of(test: 1, shortRun: 3, longRun: 10)).Select(_ => new TraceablePerson(system)).ToList();
        var leftovers = new Leftovers(system, people);
        foreach (var person in people)
        {
            await LiveAsync(person);
            await DeleteAmongLateEventsAsync(person);
        }

        await load.StopAsync();
        var started = Stopwatch.GetTimestamp();
        await ConsumedAsync();
        var consumed = Stopwatch.GetElapsedTime(started);
        await CleanAsync(leftovers);

        Figures.Record(Area, "people deleted under load, events late and thrice", $"{people.Count}");
        Figures.Record(Area, "everything consumed after the load, s", $"{consumed.TotalSeconds:F1}");
        Figures.Record(Area, "tables looked through", $"{leftovers.TableCount}");
        Figures.Record(Area, "words or ids found afterwards", $"0");
        Figures.Record(Area, "looked through after the load, s", $"{Stopwatch.GetElapsedTime(started).TotalSeconds:F1}");
        Assert.True(load.History.Violations.IsEmpty, string.Join('\n', load.History.Violations));
        Assert.Empty(await Readback.ComplaintsAsync(load, system.Gateway.BaseAddress!));
        await system.VerifyWalletsAsync();
    }

    [Fact]
    public async Task What_was_forgotten_to_be_deleted_is_noticed()
    {
        var person = new TraceablePerson(system);
        var leftovers = new Leftovers(system, [person]);
        await LiveAsync(person);
        Assert.NotEmpty(await leftovers.FindAsync());
        await person.DeleteAsync();
        await CleanAsync(leftovers);

        await ExecuteAsync(Service.Chat, $"UPDATE people SET bio = 'known as {person.Username}' WHERE id = '{person.Id}'");
        await ExecuteAsync(
            Service.Wallet,
            $"""
            INSERT INTO points_wallets (id, user_id, balance, last_seq, created_at, updated_at)
            VALUES (gen_random_uuid(), '{person.Id}', 0, 0, now(), now())
            """);
        var file = Path.Combine(system.Folder("files"), "forgotten");
        await File.WriteAllTextAsync(file, "A resume");
        var found = await leftovers.FindAsync();
        File.Delete(file);
        await ExecuteAsync(Service.Wallet, $"DELETE FROM points_wallets WHERE user_id = '{person.Id}'");

        Assert.Contains(found, text => text.StartsWith("chat.people", StringComparison.Ordinal));
        Assert.Contains(found, text => text.StartsWith("wallet.points_wallets", StringComparison.Ordinal));
        Assert.Contains(found, text => text.StartsWith("file", StringComparison.Ordinal));
    }

    private async Task LiveAsync(TraceablePerson person)
    {
        var friend = await system.RegisterAsync();
        await person.JoinAsync();
        await friend.WalletAsync(Timeout);
        using var admin = (await system.SignInAsAdminAsync()).Client;
        await Eventually.TrueAsync(() => TryAwardAsync(admin, person.Id), Timeout);
        await person.LeaveTracesAsync(friend);
    }

    /// <summary>One service is dead meanwhile; afterwards every event that ever told of the person comes again, twice.</summary>
    private async Task DeleteAmongLateEventsAsync(TraceablePerson person)
    {
        await system[Service.Jobs].KillAsync();
        await person.DeleteAsync();
        for (var time = 0; time < 2; time++)
        {
            await PublishAsync("user-updated.v1", person, version: 99);
            await PublishAsync("user-created.v1", person, version: 1);
            await PublishAsync("user-deleted.v1", person, version: null);
        }

        await system[Service.Jobs].StartAsync();
    }

    private async Task PublishAsync(string name, TraceablePerson person, int? version)
    {
        var message = EventDocuments.Example(name);
        message["userId"] = person.Id;
        if (version is not null)
        {
            message["username"] = person.Username;
            message["firstName"] = person.FirstName;
            message["version"] = version;
        }

        await system.Broker.PublishAsync(name, message);
    }

    /// <summary>Whatever was committed is published, and whatever was published is taken from its queue.</summary>
    private async Task ConsumedAsync()
    {
        foreach (var (_, database) in system.Databases)
        {
            await using var connection = new NpgsqlConnection(database.SuperuserConnectionString);
            await connection.OpenAsync();
            await using var unsent = new NpgsqlCommand("SELECT count(*) FROM outbox_messages WHERE sent_at IS NULL", connection);
            await Eventually.TrueAsync(async () => await unsent.ExecuteScalarAsync() is 0L, Soon);
        }

        await using var queues = await Queues.OpenAsync(system.Broker);
        await Eventually.TrueAsync(async () => await queues.WaitingAsync() == 0, Soon);
    }

    private static async Task CleanAsync(Leftovers leftovers)
    {
        IReadOnlyList<string> found = [];
        try
        {
            await Eventually.TrueAsync(async () => (found = await leftovers.FindAsync()).Count == 0, Timeout);
        }
        catch (TimeoutException)
        {
            Assert.Fail(string.Join('\n', found));
        }
    }

    private static async Task<bool> TryAwardAsync(HttpClient admin, Guid userId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/wallets/{userId}/awards")
        {
            Content = JsonContent.Create(new { amount = 100, reason = "Welcome" }),
        };
        request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
        using var response = await admin.SendAsync(request);
        return response.IsSuccessStatusCode;
    }

    private async Task ExecuteAsync(Service service, string statement)
    {
        await using var connection = new NpgsqlConnection(system.Databases[service].SuperuserConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }
}
