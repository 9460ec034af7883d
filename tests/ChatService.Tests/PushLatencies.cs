using System.Collections.Concurrent;

namespace Explaino.ChatService.Tests;

/// <summary>
/// Latencies of pushes: from a message's <c>created_at</c> to the provider's receipt of the first push that tells a device of it. Left out is what was read or taken back before, and
/// what an earlier message's push carried along before its own two seconds were over.
/// </summary>
internal sealed class PushLatencies
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<(Guid Conversation, long Seq), (Guid Sender, DateTimeOffset At)> _said = new();
    private readonly ConcurrentDictionary<(Guid Conversation, long Seq), DateTimeOffset> _takenBack = new();
    private readonly ConcurrentDictionary<(Guid Conversation, Guid Person), ConcurrentQueue<(long Seq, DateTimeOffset At)>> _read = new();

    public void Said(Guid conversation, long seq, Guid sender, DateTimeOffset at) => _said[(conversation, seq)] = (sender, at);

    public void TakenBack(Guid conversation, long seq) => _takenBack.TryAdd((conversation, seq), TimeProvider.System.GetUtcNow());

    public void Read(Guid conversation, long seq, Guid person) =>
        _read.GetOrAdd((conversation, person), _ => new()).Enqueue((seq, TimeProvider.System.GetUtcNow()));

    /// <summary>In ms, in order.</summary>
    public List<double> Of(IEnumerable<ModelDevice> devices, IEnumerable<TakenPush> pushes)
    {
        var byToken = pushes.Where(push => (string?)push.Payload["kind"] == "message").ToLookup(push => push.Token);
        return
        [
            .. devices.SelectMany(device => byToken[device.Token].GroupBy(push => PushFaults.ConversationOf(push.Payload)!.Value)
                .SelectMany(told => Of(device.Owner.Id, told.Key, told.OrderBy(push => push.At)))).Order(),
        ];
    }

    private IEnumerable<double> Of(Guid person, Guid conversation, IEnumerable<TakenPush> pushes)
    {
        var read = _read.GetValueOrDefault((conversation, person), []);
        var upTo = 0L;
        foreach (var push in pushes)
        {
            for (; upTo < (long)push.Payload["seq"]!; upTo++)
            {
                var key = (conversation, upTo + 1);
                if (_said.TryGetValue(key, out var said) && said.Sender != person && push.At - said.At >= Grace && !(_takenBack.TryGetValue(key, out var gone) && gone < push.At)
                    && !read.Any(marker => marker.Seq >= key.Item2 && marker.At < push.At))
                {
                    yield return (push.At - said.At).TotalMilliseconds;
                }
            }
        }
    }
}
