using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Explaino.Security.Tests.Browser;

/// <summary>A headless Chromium with one page, which runs no scripts, driven by the DevTools protocol as a person would: by keys.</summary>
internal sealed partial class Chromium : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly string _profile;
    private readonly ClientWebSocket _socket = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonObject>> _asked = new();
    private TaskCompletionSource _loaded = new();
    private string? _session;
    private int _count;

    private Chromium(Process process, string profile) => (_process, _profile) = (process, profile);

    /// <summary>What the browser has refused or could not load: violations of a policy among them.</summary>
    public ConcurrentQueue<string> Complaints { get; } = new();

    public static async Task<Chromium> StartAsync()
    {
        var profile = Directory.CreateTempSubdirectory("explaino-chromium-").FullName;
        var process = Process.Start(new ProcessStartInfo(
            "chromium", ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-port=0", $"--user-data-dir={profile}", "about:blank"])
        {
            RedirectStandardError = true,
        })!;
        var browser = new Chromium(process, profile);
        while (await process.StandardError.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (Listening().Match(line) is { Success: true } address)
            {
                _ = process.StandardError.ReadToEndAsync();
                await browser._socket.ConnectAsync(new Uri(address.Value), CancellationToken.None);
                _ = browser.ListenAsync();
                return browser;
            }
        }

        throw new InvalidOperationException("Chromium ended before it listened.");
    }

    public async Task OpenAsync(Uri address)
    {
        var target = await AskAsync("Target.createTarget", new() { ["url"] = "about:blank" });
        _session = (string?)(await AskAsync("Target.attachToTarget", new() { ["targetId"] = (string?)target["targetId"], ["flatten"] = true }))["sessionId"];
        await AskAsync("Emulation.setScriptExecutionDisabled", new() { ["value"] = true });
        await AskAsync("Page.enable", []);
        await AskAsync("Log.enable", []);
        await LoadAsync(() => AskAsync("Page.navigate", new() { ["url"] = address.AbsoluteUri }));
    }

    /// <summary>Types into the field of this id, and sends its form by the Enter key.</summary>
    public async Task SendAsync(string field, string text)
    {
        var document = await AskAsync("DOM.getDocument", []);
        var found = await AskAsync("DOM.querySelector", new() { ["nodeId"] = (int)document["root"]!["nodeId"]!, ["selector"] = $"#{field}" });
        await AskAsync("DOM.focus", new() { ["nodeId"] = (int)found["nodeId"]! });
        await AskAsync("Input.insertText", new() { ["text"] = text });
        await LoadAsync(() => AskAsync(
            "Input.dispatchKeyEvent", new() { ["type"] = "keyDown", ["key"] = "Enter", ["code"] = "Enter", ["windowsVirtualKeyCode"] = 13, ["text"] = "\r" }));
    }

    public async Task<string> HtmlAsync()
    {
        var document = await AskAsync("DOM.getDocument", []);
        return (string)(await AskAsync("DOM.getOuterHTML", new() { ["nodeId"] = (int)document["root"]!["nodeId"]! }))["outerHTML"]!;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _socket.Dispose();
        Directory.Delete(_profile, recursive: true);
    }

    private async Task LoadAsync(Func<Task> cause)
    {
        _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await cause();
        await _loaded.Task.WaitAsync(Patience);
    }

    private async Task<JsonObject> AskAsync(string method, JsonObject parameters)
    {
        var id = Interlocked.Increment(ref _count);
        var answer = _asked[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        if (_session is not null)
        {
            message["sessionId"] = _session;
        }

        await _socket.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        var said = await answer.Task.WaitAsync(Patience);
        return said["result"]?.AsObject() ?? throw new InvalidOperationException($"{method}: {said["error"]}");
    }

    private async Task ListenAsync()
    {
        var (buffer, text) = (new byte[64 * 1024], new MemoryStream());
        while (_socket.State == WebSocketState.Open)
        {
            try
            {
                var part = await _socket.ReceiveAsync(buffer, CancellationToken.None);
                text.Write(buffer, 0, part.Count);
                if (part.EndOfMessage)
                {
                    Hear(JsonNode.Parse(text.ToArray())!.AsObject());
                    text.SetLength(0);
                }
            }
            catch (Exception e) when (e is WebSocketException or ObjectDisposedException)
            {
                return; // It was ended.
            }
        }
    }

    private void Hear(JsonObject message)
    {
        switch ((string?)message["method"])
        {
            case null when _asked.TryRemove((int)message["id"]!, out var answer):
                answer.SetResult(message);
                break;
            case "Page.loadEventFired":
                _loaded.TrySetResult();
                break;
            case "Log.entryAdded":
                Complaints.Enqueue((string?)message["params"]!["entry"]!["text"] ?? "");
                break;
        }
    }

    [GeneratedRegex(@"(?<=DevTools listening on )ws://\S+")]
    private static partial Regex Listening();
}
