using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;
using Npgsql;

namespace Explaino.JobBoardService.Tests;

/// <summary>JobBoardService with people who post, like and comment.</summary>
public sealed class JobsHost : ServiceHost<Program>, IAsyncLifetime
{
    public static readonly TestUser Admin = TestUser.Admin();

    private readonly string _folder;

    public JobsHost() : this([])
    {
    }

    internal JobsHost(Dictionary<string, string?> settings) : this(new TestClock(), Directory.CreateTempSubdirectory("explaino-jobs-").FullName, settings)
    {
    }

    private JobsHost(TestClock clock, string folder, Dictionary<string, string?> settings)
        : base(Service.Jobs, new Dictionary<string, string?>(settings) { ["Storage:Folder"] = folder }, clock)
    {
        Clock = clock;
        _folder = folder;
    }

    public TestClock Clock { get; }

    public new async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The files that are stored now.</summary>
    public IReadOnlyList<string> Files => Directory.GetFiles(_folder, "*", SearchOption.AllDirectories);

    public async Task<JsonObject> PostAsync(TestUser author, object? more = null, string title = "Explain engines")
    {
        using var response = await TryPostAsync(author, Body(title, more));
        return await response.ReadObjectAsync(HttpStatusCode.Created);
    }

    public Task<HttpResponseMessage> TryPostAsync(TestUser author, object body, Guid? key = null) =>
        SendAsync(author, HttpMethod.Post, "/api/jobs", body, key);

    /// <summary>What a post must have, and more.</summary>
    public static JsonObject Body(string title = "Explain engines", object? more = null)
    {
        var body = new JsonObject { ["title"] = title, ["description"] = "Somebody who can explain." };
        foreach (var (name, value) in System.Text.Json.JsonSerializer.SerializeToNode(more)?.AsObject() ?? [])
        {
            body[name] = value?.DeepClone();
        }

        return body;
    }

    public async Task<JsonObject> GetAsync(TestUser reader, string path)
    {
        using var response = await As(reader).GetAsync(path);
        return await response.ReadObjectAsync();
    }

    public Task<JsonObject> JobAsync(TestUser reader, Guid id) => GetAsync(reader, $"/api/jobs/{id}");

    public async Task<JsonObject> LikeAsync(TestUser user, Guid id)
    {
        using var response = await TryLikeAsync(user, id);
        return await response.ReadObjectAsync();
    }

    public Task<HttpResponseMessage> TryLikeAsync(TestUser user, Guid id) => SendAsync(user, HttpMethod.Put, $"/api/jobs/{id}/like");

    public async Task<JsonObject> UnlikeAsync(TestUser user, Guid id)
    {
        using var response = await SendAsync(user, HttpMethod.Delete, $"/api/jobs/{id}/like");
        return await response.ReadObjectAsync();
    }

    public async Task<JsonObject> CommentAsync(TestUser user, Guid id, string content = "Well said")
    {
        using var response = await TryCommentAsync(user, id, content);
        return await response.ReadObjectAsync(HttpStatusCode.Created);
    }

    public Task<HttpResponseMessage> TryCommentAsync(TestUser user, Guid id, string? content, Guid? key = null) =>
        SendAsync(user, HttpMethod.Post, $"/api/jobs/{id}/comments", new { content }, key);

    public async Task<JsonObject> UploadAsync(TestUser user, Guid id, byte[] file)
    {
        using var response = await TryUploadAsync(user, id, file);
        return await response.ReadObjectAsync(HttpStatusCode.Created);
    }

    public Task<HttpResponseMessage> TryUploadAsync(TestUser user, Guid id, byte[] file)
    {
        var part = new ByteArrayContent(file);
        part.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        return As(user).PostAsync($"/api/jobs/{id}/images", new MultipartFormDataContent { { part, "file", "picture.jpg" } });
    }

    /// <summary>An image as whoever opens its address gets it.</summary>
    public async Task<HttpResponseMessage> ShowAsync(JsonObject image, Action<HttpRequestHeaders>? with = null, int? size = null)
    {
        var query = size is null ? "" : $"?size={size}";
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri((string)image["url"]!).AbsolutePath + query);
        with?.Invoke(request.Headers);
        return await Anonymous().SendAsync(request);
    }

    /// <summary>Everything of a list, page by page; between pages something may happen.</summary>
    public async Task<List<JsonObject>> ReadAllAsync(TestUser reader, string path, int limit = 100, Func<Task>? betweenPages = null)
    {
        var all = new List<JsonObject>();
        string? cursor = null;
        do
        {
            var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            var page = await GetAsync(reader, $"{path}{separator}limit={limit}{(cursor is null ? "" : $"&cursor={cursor}")}");
            all.AddRange(page["items"]!.AsArray().Select(item => item!.AsObject()));
            cursor = (string?)page["next_cursor"];
            await (betweenPages?.Invoke() ?? Task.CompletedTask);
        }
        while (cursor is not null);

        return all;
    }

    public async Task<HttpResponseMessage> SendAsync(
        TestUser user, HttpMethod method, string path, object? body = null, Guid? key = null, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
        }

        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key.ToString());
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        return await As(user).SendAsync(request);
    }

    public Task PublishCreatedAsync(TestUser user, long version = 1) => PublishAsync("user-created.v1", user, version);

    public Task PublishUpdatedAsync(TestUser user, long version) => PublishAsync("user-updated.v1", user, version);

    public Task PublishDeletedAsync(TestUser user) => PublishAsync("user-deleted.v1", user, null);

    /// <summary>For what no route shows.</summary>
    public async Task<T?> QueryAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(Environment.Database.SuperuserConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    private Task PublishAsync(string name, TestUser user, long? version)
    {
        var message = EventDocuments.Example(name);
        message["userId"] = user.Id;
        if (version is not null)
        {
            message["version"] = version;
            message["username"] = $"{user.Username}.{version}";
        }

        return Environment.Broker.PublishAsync(name, message);
    }
}

internal static class JobReading
{
    public static Guid Id(this JsonObject thing) => (Guid)thing["id"]!;
}
