using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.ProfileService.Tests;

/// <summary>ProfileService with a folder for files of its own, and events as Identity would publish them.</summary>
public sealed class ProfileHost : ServiceHost<Program>
{
    private readonly string _folder;

    public ProfileHost()
        : this(Directory.CreateTempSubdirectory("explaino-files-").FullName, new TestClock())
    {
    }

    private ProfileHost(string folder, TestClock clock)
        : base(
            Service.Profile,
            new Dictionary<string, string?> { ["Storage:Folder"] = folder, ["Storage:SweepInterval"] = "00:00:00.1" },
            clock)
    {
        _folder = folder;
        Clock = clock;
    }

    public TestClock Clock { get; }

    /// <summary>A host whose clock shows this time.</summary>
    public static ProfileHost At(DateTimeOffset time)
    {
        var clock = new TestClock();
        clock.Advance(time - clock.GetUtcNow());
        return new(Directory.CreateTempSubdirectory("explaino-files-").FullName, clock);
    }

    /// <summary>All files that are kept, résumés and whatever was left behind.</summary>
    public IReadOnlyList<string> Files => Directory.Exists(_folder) ? Directory.GetFiles(_folder, "*", SearchOption.AllDirectories) : [];

    public string Folder => _folder;

    /// <summary>Somebody whose event has come.</summary>
    public async Task<HttpClient> KnownAsync(TestUser user, long version = 1, string? firstName = null, string? lastName = null)
    {
        await CreateAsync(user, firstName, lastName, version);
        var client = As(user);
        await Eventually.TrueAsync(async () =>
            (string?)(await client.GetObjectAsync($"/api/profiles/{user.Id}"))["created_at"] is not null);
        return client;
    }

    public Task CreateAsync(TestUser user, string? firstName, string? lastName = null, long version = 1) =>
        Environment.Broker.PublishAsync("user-created.v1", Event("user-created.v1", user, version, firstName, lastName));

    public Task UpdateAsync(TestUser user, long version, string? firstName) =>
        Environment.Broker.PublishAsync("user-updated.v1", Event("user-updated.v1", user, version, firstName, null));

    public Task DeleteAsync(TestUser user)
    {
        var deleted = EventDocuments.Example("user-deleted.v1");
        deleted["userId"] = user.Id;
        return Environment.Broker.PublishAsync("user-deleted.v1", deleted);
    }

    public async Task<T?> ScalarAsync<T>(string sql)
    {
        await using var connection = new Npgsql.NpgsqlConnection(Environment.Database.SuperuserConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 600; // a hundred thousand profiles take minutes on a machine that does other things too
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    private static JsonObject Event(string name, TestUser user, long version, string? firstName, string? lastName)
    {
        var message = EventDocuments.Example(name);
        message["userId"] = user.Id;
        message["username"] = user.Username;
        message["firstName"] = firstName;
        message["lastName"] = lastName;
        message["version"] = version;
        return message;
    }
}

internal static class Requests
{
    public static Task<HttpResponseMessage> SendAsync(
        this HttpClient client, HttpMethod method, string path, object? body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return client.SendAsync(request);
    }
}
