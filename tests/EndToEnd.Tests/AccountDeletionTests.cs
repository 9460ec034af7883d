using System.Net;
using System.Net.Http.Json;
using Explaino.Testing;

namespace Explaino.EndToEnd.Tests;

/// <summary>Everything a user owns disappears from every service (docs/contract.md#7-events).</summary>
[Collection(OneSystem.Name)]
public sealed class AccountDeletionTests(AppHostSystem system)
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_deleted_user_is_gone_for_others_everywhere()
    {
        var ada = await system.RegisterAsync();
        var grace = await system.RegisterAsync();
        var admin = await system.SignInAsAdminAsync();
        await ada.WalletAsync();
        await Eventually.TrueAsync(async () => (await grace.Client.GetAsync($"/api/profiles/{ada.Id}")).StatusCode == HttpStatusCode.OK);
        using var post = await ada.Client.PostAsJsonAsync("/api/jobs", new { title = "Explain engines", description = "To anybody." });
        var job = await post.ReadObjectAsync(HttpStatusCode.Created);
        using var started = await Eventually.GetAsync(async () =>
        {
            var response = await ada.Client.PostAsJsonAsync("/api/chats", new { user_id = grace.Id });
            return response.StatusCode == HttpStatusCode.NotFound ? null : response;
        });
        var chat = await started.ReadObjectAsync(HttpStatusCode.Created);
        using var sent = await ada.Client.PostAsJsonAsync($"/api/chats/{chat["id"]}/messages", new { content = "Good bye" });
        Assert.Equal(HttpStatusCode.Created, sent.StatusCode);

        using var request = new HttpRequestMessage(HttpMethod.Delete, "/api/users/me") { Content = JsonContent.Create(new { password = GatewayUsers.Password }) };
        using var deleted = await ada.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await GoneAsync(grace, $"/api/users/{ada.Id}");
        await GoneAsync(grace, $"/api/profiles/{ada.Id}");
        await GoneAsync(grace, $"/api/jobs/{job["id"]}");
        await GoneAsync(admin, $"/api/wallets/{ada.Id}");
        await Eventually.TrueAsync(
            async () => (bool?)(await grace.Client.GetObjectAsync($"/api/chats/{chat["id"]}"))["peer"]!["deleted"] == true, Promised);
        var messages = await grace.Client.GetObjectAsync($"/api/chats/{chat["id"]}/messages");
        Assert.Equal("Good bye", (string?)messages["items"]![0]!["content"]);
        using var answer = await grace.Client.PostAsJsonAsync($"/api/chats/{chat["id"]}/messages", new { content = "Hello?" });
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
    }

    private static Task GoneAsync(Member who, string path) =>
        Eventually.TrueAsync(async () => (await who.Client.GetAsync(path)).StatusCode == HttpStatusCode.NotFound, Promised, path);
}
