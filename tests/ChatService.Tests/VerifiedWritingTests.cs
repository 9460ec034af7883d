using System.Net;
using System.Net.Http.Json;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

/// <summary>Where only people with a verified email address write, the others read.</summary>
public sealed class VerifiedWritingTests(TwoInstances chat)
{
    private static readonly TokenOptions Unverified = new() { EmailVerified = false };

    [Fact]
    public async Task Somebody_unverified_says_nothing_by_http_nor_hub_until_their_token_says_otherwise()
    {
        await using var host = new ServiceHost<Program>(chat.Environment, new Dictionary<string, string?> { ["Registration:VerifiedToWrite"] = "true" });
        await host.InitializeAsync();
        var (ada, bob) = await chat.PairAsync();
        var token = chat.Environment.Issuer.Issue(ada, Unverified);
        using var asAda = host.WithToken(token);
        var id = await asAda.StartChatAsync(bob);
        await using var device = await HubClient.ConnectAsync(host.Address, token);

        using var byHttp = await asAda.PostAsJsonAsync($"/api/chats/{id}/messages", new { content = "Hello" });
        var byHub = await Assert.ThrowsAsync<HubRefusedException>(() => device.InvokeAsync("SendMessage", new { chat_id = id, content = "Hello" }));
        using var read = await asAda.GetAsync($"/api/chats/{id}/messages");
        await device.InvokeRawAsync("Renew", $"\"{chat.Environment.Issuer.Issue(ada)}\"");
        var said = await device.InvokeAsync("SendMessage", new { chat_id = id, content = "Hello" });

        await byHttp.IsProblemAsync(HttpStatusCode.Forbidden, "email_not_verified");
        Assert.StartsWith("email_not_verified: ", byHub.Message, StringComparison.Ordinal);
        Assert.Empty(await read.ReadItemsAsync());
        Assert.Equal("Hello", (string?)said!["content"]);
        using var edited = await asAda.PatchAsJsonAsync($"/api/chats/{id}/messages/{said["id"]}", new { content = "Again" });
        await edited.IsProblemAsync(HttpStatusCode.Forbidden, "email_not_verified");
    }
}
