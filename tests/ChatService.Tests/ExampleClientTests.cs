using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

/// <summary>The client of docs/chat-protocol.md, with the official SignalR client for JavaScript, as it stands there.</summary>
public sealed class ExampleClientTests(TwoInstances chat)
{
    private const int Each = 40;

    [Fact]
    public async Task The_documented_client_loses_nothing_while_its_instance_is_killed_and_comes_back()
    {
        var (ada, bob) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        var id = await asAda.StartChatAsync(bob);
        await using var instance = await ServiceProcess.StartAsync(Service.Chat, chat.Settings);
        await using var gateway = await ChatBehindGateway.StartGatewayAsync(chat.Environment, instance.Address);
        var folder = Repository.PathTo("tests", "chat-client");
        await NpmPackages.InstallAsync("tests", "chat-client");
        await Command.RunAsync("node", ["node_modules/typescript/bin/tsc", "-p", "."], folder: folder);

        // Two devices of Ada, one of Bob.
        var tokens = new[] { ada, ada, bob }.Select(user => chat.Environment.Issuer.Issue(user));
        var scene = JsonSerializer.Serialize(new { baseAddress = gateway.Address.ToString().TrimEnd('/'), conversation = $"chats/{id}", tokens, each = Each });
        using var playing = new Play("node", ["node_modules/.built/play.js", scene], folder);
        Assert.Equal("started", await playing.Output.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(3)));
        await Eventually.TrueAsync(async () => (await asAda.ListAsync($"/api/chats/{id}/messages?limit=20")).Count == 20);
        await instance.KillAsync();
        var own = (await asAda.ListAsync($"/api/chats/{id}/messages?limit=100")).Where(message => (Guid)message["sender_id"]! == ada.Id).Take(2).ToList();
        using var edited = await asAda.PatchAsJsonAsync($"/api/chats/{id}/messages/{own[0]["id"]}", new { content = "edited" });
        using var deleted = await asAda.DeleteAsync($"/api/chats/{id}/messages/{own[1]["id"]}");
        Assert.True(edited.IsSuccessStatusCode && deleted.IsSuccessStatusCode);
        await instance.StartAsync();
        var shown = await playing.Output.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(3));

        var said = new List<string>();
        for (var page = await asAda.GetObjectAsync($"/api/chats/{id}/messages?limit=100&after={Guid.Empty}"); ;
            page = await asAda.GetObjectAsync($"/api/chats/{id}/messages?limit=100&cursor={page["next_cursor"]}"))
        {
            said.AddRange(page["items"]!.AsArray().Select(message => $"{message!["id"]} {message["content"] ?? "null"}"));
            if (page["next_cursor"] is null)
            {
                break;
            }
        }

        Assert.Equal(3 * Each, said.Count);
        var devices = shown.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, devices.Length);
        Assert.All(devices, device => Assert.Equal(said, JsonNode.Parse(device)!.AsArray().Select(message => (string?)message)));
    }

    /// <summary>A process that is ended with the test: its devices would go on trying to connect.</summary>
    private sealed class Play(string program, string[] arguments, string folder) : IDisposable
    {
        private readonly Process _process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true })!;

        public StreamReader Output => _process.StandardOutput;

        public void Dispose()
        {
            _process.Kill(entireProcessTree: true);
            _process.Dispose();
        }
    }
}
