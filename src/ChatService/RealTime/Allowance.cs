namespace Explaino.ChatService.RealTime;

/// <summary>How much one connection may ask of the hub: a burst, and a rate at which it is earned back. Used by one invocation at a time.</summary>
internal sealed class Allowance
{
    private const double Burst = 100;
    private const double PerSecond = 50;
    private static readonly TimeSpan TypingPause = TimeSpan.FromSeconds(2);

    private readonly Dictionary<Guid, DateTimeOffset> _typed = [];
    private double _left = Burst;
    private DateTimeOffset _countedAt;

    public bool TrySpend(DateTimeOffset now)
    {
        _left = Math.Min(Burst, _left + (Math.Max(0, (now - _countedAt).TotalSeconds) * PerSecond));
        _countedAt = now;
        if (_left < 1)
        {
            return false;
        }

        _left--;
        return true;
    }

    /// <summary>Whether it is worth telling others again that this device's user is typing there.</summary>
    public bool MayTellTyping(Guid conversationId, DateTimeOffset now)
    {
        if (_typed.TryGetValue(conversationId, out var last) && now - last < TypingPause)
        {
            return false;
        }

        foreach (var (old, at) in _typed)
        {
            if (now - at >= TypingPause)
            {
                _typed.Remove(old);
            }
        }

        _typed[conversationId] = now;
        return true;
    }
}
