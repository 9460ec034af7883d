namespace Explaino.Bench.Scale;

/// <summary>One kind of call of the model.</summary>
/// <param name="Name">As docs/scale.md shows it.</param>
/// <param name="Service">Who answers it.</param>
/// <param name="Row">The row of docs/performance.md that costs what it costs.</param>
/// <param name="PerDay">Calls of an active user on a day.</param>
/// <param name="Kilobytes">Of the answer: what the gateway copies.</param>
/// <param name="Commits">Transactions that write.</param>
/// <param name="Events">What it publishes.</param>
internal sealed record Call(string Name, string Service, string Row, double PerDay, double Kilobytes, double Commits = 0, double Events = 0);

/// <summary>Traffic: what an active user does on a day. Assumptions, all of them; the ratios of what is written follow the demo's community (tools/Demo).</summary>
internal static class Traffic
{
    /// <summary>Share of all accounts that are there on a day.</summary>
    public const double Active = 0.2;

    /// <summary>Share of a day's calls in its busiest hour.</summary>
    public const double BusiestHour = 0.1;

    /// <summary>Share of the active who are connected to the hub in the busiest hour.</summary>
    public const double Connected = 0.15;

    /// <summary>Of a connection that is idle: SignalR's, every 15 s.</summary>
    public const double PingsPerSecond = 1d / 15;

    /// <summary>In ms, in the gateway and in Chat each; not measured.</summary>
    public const double CostOfPing = 0.01;

    /// <summary>To how many connected devices a message goes.</summary>
    public const double DeliveriesOfMessage = 4;

    /// <summary>The row of a message: <see cref="Costs"/> makes it of the figures of the chat.</summary>
    public const string MessageRow = "message";

    public static readonly IReadOnlyList<Call> Calls =
    [
        new("POST /api/auth/token/refresh", "identity", "refresh", 6, 1, Commits: 1),
        new("POST /api/auth/token", "identity", "login", 0.1, 1, Commits: 1),
        new("GET /api/users/me", "identity", "users/me", 4, 1),
        new("GET /api/wallet", "wallet", "users/me", 3, 1),
        new("POST /api/wallet/transfers", "wallet", "transfer", 0.5, 1, Commits: 1, Events: 1),
        new("GET /api/profiles/{id}", "profile", "full profile", 5, 6),
        new("GET /api/jobs", "jobs", "20 jobs", 8, 13),
        new("GET /api/jobs/{id}", "jobs", "users/me", 4, 1),
        new("PUT /api/jobs/{id}/like", "jobs", "create a job", 1.5, 1, Commits: 1, Events: 1),
        new("POST /api/jobs/{id}/comments", "jobs", "create a job", 0.3, 1, Commits: 1, Events: 1),
        new("POST /api/jobs", "jobs", "create a job", 0.05, 1, Commits: 1),
        new("POST /api/sync", "chat", "full profile", 12, 9),
        new("POST /api/chats/{id}/messages", "chat", MessageRow, 15, 1, Commits: 1),
    ];
}
