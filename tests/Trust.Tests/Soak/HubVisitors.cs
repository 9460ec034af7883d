using System.Collections.Concurrent;
using Explaino.Testing;
using Explaino.Trust.Tests.Faults;

namespace Explaino.Trust.Tests.Soak;

/// <summary>Hub connections that come and go: each stays for some messages, and another takes its place.</summary>
internal sealed class HubVisitors(MixedLoad load, Uri gateway)
{
    private const int EachPersons = 2;
    private const int MessagesEach = 3;

    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _loops = [];
    private int _visits;

    public int Visits => Volatile.Read(ref _visits);

    /// <summary>Connections that failed, or heard nothing.</summary>
    public ConcurrentQueue<string> Failures { get; } = new();

    public HubVisitors Start()
    {
        _loops.AddRange(Enumerable.Repeat(load.People, EachPersons).SelectMany(people => people).Select(person => Task.Run(() => RepeatAsync(person))));
        return this;
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_loops);
    }

    private async Task RepeatAsync(RetryingClient person)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using var visitor = await HubClient.ConnectAsync(gateway, person.Token);
                for (var message = 0; message < MessagesEach; message++)
                {
                    await visitor.ExpectAsync("MessageReceived", timeout: TimeSpan.FromSeconds(20));
                }

                Interlocked.Increment(ref _visits);
            }
            catch (Exception e)
            {
                Failures.Enqueue($"{person.Username}: {e.Message}");
            }
        }
    }
}
