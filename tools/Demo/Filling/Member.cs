using System.Text.Json.Nodes;

namespace Explaino.Demo.Filling;

/// <summary>Somebody who is signed in.</summary>
internal sealed class Member
{
    private const int LongestPage = 100;

    private readonly Gateway _gateway;
    private string _accessToken = "";
    private string _refreshToken = "";
    private long _freshUntil;

    private Member(Gateway gateway) => _gateway = gateway;

    public string Id { get; private set; } = "";

    public static async Task<Member> SignInAsync(Gateway gateway, string email, string password, CancellationToken cancellationToken)
    {
        var member = new Member(gateway);
        member.Keep(await gateway.SendAsync(HttpMethod.Post, "/api/auth/token", Gateway.Body(new { email, password }), cancellationToken));
        member.Id = (await member.GetAsync("/api/users/me", cancellationToken)).Id;
        return member;
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

    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken, Guid? key = null)
    {
        if (Environment.TickCount64 > _freshUntil)
        {
            Keep(await _gateway.SendAsync(
                HttpMethod.Post, "/api/auth/token/refresh", Gateway.Body(new { refresh_token = _refreshToken }), cancellationToken));
        }

        return await _gateway.SendAsync(method, path, content, cancellationToken, _accessToken, key);
    }

    private void Keep(Answer pair)
    {
        _accessToken = pair.Text("access_token");
        _refreshToken = pair.Text("refresh_token");
        _freshUntil = Environment.TickCount64 + (int)pair.Body!["expires_in"]! * 1000L / 2;
    }
}
