using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using Explaino.Testing;
using Explaino.Trust.Tests.Faults;

namespace Explaino.Trust.Tests.Machine;

/// <summary>People who upload résumés, pictures and attachments and look at them, until they are stopped; and the checker, which expects each file as it was sent.</summary>
internal sealed class FileLoad(MixedLoad load, Uri gateway)
{
    private const int Size = 40_000;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(150);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _loops = [];
    private readonly ConcurrentDictionary<string, (RetryingClient Owner, byte[]? Content)> _kept = [];
    private readonly HttpClient _client = new() { BaseAddress = gateway };
    private int _uploads, _reads;

    public FileLoad Start()
    {
        foreach (var person in load.People.Take(3))
        {
            Repeat(() => ReplaceResumeAsync(person));
            Repeat(() => ReplacePictureAsync(person));
            Repeat(() => AttachAsync(person));
            Repeat(ReadAsync);
        }

        return this;
    }

    /// <summary>Waits until files are kept and read again: two rounds of everybody, of which at most one was under way.</summary>
    public async Task AgainAsync()
    {
        var (uploads, reads) = (_uploads + 2 * _loops.Count, _reads + 2 * _loops.Count);
        await Eventually.TrueAsync(() => _uploads > uploads && _reads > reads);
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_loops);
    }

    /// <summary>What is not there as it was acknowledged.</summary>
    public async Task<IReadOnlyList<string>> ComplaintsAsync()
    {
        var complaints = new List<string>();
        foreach (var path in _kept.Keys)
        {
            complaints.AddRange(await ComplaintAsync(path) is { } complaint ? [complaint] : []);
        }

        return complaints;
    }

    private void Repeat(Func<Task> act) => _loops.Add(Task.Run(async () =>
    {
        using var pace = new PeriodicTimer(Pace);
        while (!_stop.IsCancellationRequested)
        {
            await act();
            await pace.WaitForNextTickAsync();
        }
    }));

    private async Task ReplaceResumeAsync(RetryingClient person)
    {
        var content = Document();
        await person.WriteAsync(HttpMethod.Put, "/api/profiles/me/resume", content);
        Keep($"/api/profiles/{person.Id}/resume/file", person, content);
    }

    /// <summary>A picture is encoded anew: what there is of it is a picture, whatever its bytes.</summary>
    private async Task ReplacePictureAsync(RetryingClient person)
    {
        var user = await person.WriteAsync(HttpMethod.Put, "/api/users/me/image", Png.Of());
        var path = new Uri((string)user!["profile_image"]!).AbsolutePath;
        foreach (var former in _kept.Where(file => file.Value.Owner == person && file.Value.Content is null).ToList())
        {
            _kept.TryRemove(former);
        }

        Keep(path, person, null);
    }

    private async Task AttachAsync(RetryingClient person)
    {
        var content = Document();
        var attachment = await person.WriteAsync(HttpMethod.Post, "/api/attachments", content, Guid.CreateVersion7());
        Keep($"/api/attachments/{attachment!["id"]}", person, content);
    }

    private void Keep(string path, RetryingClient owner, byte[]? content)
    {
        _kept[path] = (owner, content);
        Interlocked.Increment(ref _uploads);
    }

    /// <summary>What is kept can be read, whatever becomes of uploads; only attachments, since all else is replaced meanwhile.</summary>
    private async Task ReadAsync()
    {
        if (_kept.Keys.Where(path => path.StartsWith("/api/attachments/", StringComparison.Ordinal)).OrderBy(_ => Random.Shared.Next()).FirstOrDefault() is { } path
            && await ComplaintAsync(path) is { } complaint)
        {
            load.History.Violations.Enqueue(complaint);
        }

        Interlocked.Increment(ref _reads);
    }

    private async Task<string?> ComplaintAsync(string path)
    {
        var (owner, content) = _kept[path];
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", owner.Token);
        using var response = await _client.SendAsync(request);
        var found = await response.Content.ReadAsByteArrayAsync();
        return !response.IsSuccessStatusCode ? $"lost: {path}: {(int)response.StatusCode} {Encoding.UTF8.GetString(found)}"
            : found.Length == 0 || (content is not null && !found.AsSpan().SequenceEqual(content)) ? $"changed: {path}: {found.Length} bytes"
            : null;
    }

    private static byte[] Document()
    {
        var text = new StringBuilder("%PDF-1.7\n% ");
        while (text.Length < Size)
        {
            text.Append(Guid.CreateVersion7());
        }

        return Encoding.ASCII.GetBytes(text.Append("\n%%EOF\n").ToString());
    }
}
