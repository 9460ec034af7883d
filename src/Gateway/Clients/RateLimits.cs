namespace Explaino.Gateway.Clients;

/// <summary><c>RateLimiting:*</c>: how much one client may ask for.</summary>
internal sealed class RateLimits
{
    public bool Enabled { get; init; } = true;

    /// <summary>Calls that try or hand out credentials: each of them, per address.</summary>
    public Sliding Credentials { get; init; } = new();

    /// <summary>Calls that ask for mailed codes or try them, which nobody does often: each of them, per address.</summary>
    public Sliding Codes { get; init; } = new();

    /// <summary>Refreshing tokens, which needs a secret already, and which many phones behind one address do: per address.</summary>
    public Sliding Refresh { get; init; } = new();

    /// <summary>Everything else, per user.</summary>
    public Bucket User { get; init; } = new();

    /// <summary>Everything else without a valid token, per address.</summary>
    public Bucket Address { get; init; } = new();

    /// <summary>Sockets open at once, per user, or per address without a valid token.</summary>
    public Places Sockets { get; init; } = new();

    /// <summary>How many times as much as one of its /64 a whole /48 of IPv6 may do.</summary>
    public int Site { get; init; } = 16;

    public bool AreUsable() =>
        Credentials.IsUsable() && Codes.IsUsable() && Refresh.IsUsable() && User.IsUsable() && Address.IsUsable() && Sockets.IsUsable() && Site > 0;

    internal sealed class Sliding
    {
        public int Permits { get; init; }

        public TimeSpan Window { get; init; }

        public bool IsUsable() => Permits > 0 && Window > TimeSpan.Zero;
    }

    internal sealed class Places
    {
        public int Concurrent { get; init; }

        public bool IsUsable() => Concurrent > 0;
    }

    internal sealed class Bucket
    {
        public int Burst { get; init; }

        public int PerSecond { get; init; }

        /// <summary>From empty to full.</summary>
        public TimeSpan Refill => TimeSpan.FromSeconds((double)Burst / PerSecond);

        public bool IsUsable() => Burst > 0 && PerSecond > 0;
    }
}
