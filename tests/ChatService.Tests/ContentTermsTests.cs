using System.Net;
using System.Net.Http.Json;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

/// <summary>What an operator does not want to read is refused by HTTP and hub, or told to Identity.</summary>
public sealed class ContentTermsTests(TwoInstances chat)
{
    [Fact]
    public async Task A_message_with_a_term_is_refused_by_http_and_hub_new_or_changed()
    {
        await using var host = new ServiceHost<Program>(chat.Environment, Settings("reject"));
        await host.InitializeAsync();
        var (ada, bob) = await chat.PairAsync();
        using var asAda = host.As(ada);
        var id = await asAda.StartChatAsync(bob);
        await using var device = await HubClient.ConnectAsync(host.Address, chat.Environment.Issuer.Issue(ada));
        var message = await asAda.SayAsync($"chats/{id}", "Watches");

        using var said = await asAda.PostAsJsonAsync($"/api/chats/{id}/messages", new { content = "Cheap watches!" });
        using var edited = await asAda.PatchAsJsonAsync($"/api/chats/{id}/messages/{message["id"]}", new { content = "Cheap watches!" });
        var byHub = await Assert.ThrowsAsync<HubRefusedException>(() => device.InvokeAsync("SendMessage", new { chat_id = id, content = "CHEAP watches" }));

        var problem = await said.IsProblemAsync(HttpStatusCode.BadRequest, "content_not_allowed", "content");
        Assert.Equal("not_allowed", (string?)problem["violations"]![0]!["rule"]);
        await edited.IsProblemAsync(HttpStatusCode.BadRequest, "content_not_allowed", "content");
        Assert.StartsWith("content_not_allowed: ", byHub.Message, StringComparison.Ordinal);
        Assert.Single(await asAda.ListAsync($"/api/chats/{id}/messages"));
    }

    [Fact]
    public async Task A_flagged_message_is_said_and_told_once_however_often_it_is_sent()
    {
        await using var host = new ServiceHost<Program>(chat.Environment, Settings("flag"));
        await host.InitializeAsync();
        var events = await PublishedEvents.ListenAsync(chat.Environment.Broker, "content-reported.v1");
        var (ada, bob) = await chat.PairAsync();
        using var asAda = host.As(ada);
        var id = await asAda.StartChatAsync(bob);
        var clientId = Guid.CreateVersion7();

        var first = await asAda.SayAsync($"chats/{id}", "Cheap watches!", clientId);
        using var again = await asAda.PostAsJsonAsync($"/api/chats/{id}/messages", new { content = "Cheap watches!", client_message_id = clientId });
        var other = await asAda.SayAsync($"chats/{id}", "Watches");
        using var edited = await asAda.PatchAsJsonAsync($"/api/chats/{id}/messages/{other["id"]}", new { content = "More cheap watches" });

        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        await Eventually.TrueAsync(async () => (await events.AllAsync(message => (Guid?)message["containerId"] == id)).Count >= 2);
        var told = await events.AllAsync(message => (Guid?)message["containerId"] == id);
        Assert.Equal([(Guid?)first["id"], (Guid?)other["id"]], told.Select(message => (Guid?)message["subjectId"]));
        Assert.Equal(["Cheap watches!", "More cheap watches"], told.Select(message => (string?)message["snapshot"]!["content"]));
        Assert.All(told, message => Assert.True(message["userId"] is null && (string?)message["type"] == "message" && (Guid?)message["authorId"] == ada.Id));
    }

    private static Dictionary<string, string?> Settings(string mode)
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("explaino-terms-").FullName, "terms.txt");
        File.WriteAllText(file, "cheap watches\n");
        return new() { ["Moderation:Mode"] = mode, ["Moderation:Terms"] = file };
    }
}
