using System.Text.Json.Nodes;
using Explaino.Client;

namespace Explaino.Demo.Filling;

/// <summary>Somebody who is signed in.</summary>
internal sealed class Member
{
    private const int LongestPage = 100;

    private readonly ExplainoClient _client;

    private Member(ExplainoClient client, string id) => (_client, Id) = (client, id);

    public string Id { get; }

    public static async Task<Member> SignInAsync(Gateway gateway, string email, string password, CancellationToken cancellationToken)
    {
        var client = gateway.NewClient();
        await client.Session.LogInAsync(email, password, cancellationToken);
        return new Member(client, (await client.Api.GetMeAsync(cancellationToken: cancellationToken)).Id.ToString());
    }

    public static async Task<Member> SignUpAsync(Gateway gateway, RegisterRequest person, CancellationToken cancellationToken)
    {
        var client = gateway.NewClient();
        await client.Session.RegisterAsync(person, cancellationToken);
        return new Member(client, (await client.Api.GetMeAsync(cancellationToken: cancellationToken)).Id.ToString());
    }

    public async Task<Answer> GetAsync(string path, CancellationToken cancellationToken) =>
        await SendAsync(HttpMethod.Get, path, null, cancellationToken);

    /// <summary>A whole list, page after page.</summary>
    public async Task<IReadOnlyList<JsonNode>> ListAsync(string path, CancellationToken cancellationToken)
    {
        var items = new List<JsonNode>();
        string? cursor = null;
        do
        {
            var page = await GetAsync(
                $"{path}{(path.Contains('?') ? '&' : '?')}limit={LongestPage}{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}",
                cancellationToken);
            items.AddRange(page.Body!["items"]!.AsArray().Select(item => item!));
            cursor = (string?)page.Body["next_cursor"];
        }
        while (cursor is not null);

        return items;
    }

    public Task<Answer> PostAsync(string path, object body, CancellationToken cancellationToken, Guid? key = null) =>
        SendAsync(HttpMethod.Post, path, Gateway.Body(body), cancellationToken, key);

    public Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken, Guid? key = null) =>
        Gateway.SendAsync(_client.Http, method, path, content, key, cancellationToken);
}
