using Explaino.Testing;

namespace Explaino.Trust.Tests.Events;

/// <summary>What the services' tables say after the events, without what each service makes up itself (ids and times of its own rows).</summary>
internal static class State
{
    private const string People = """
        SELECT id, username, first_name, last_name, bio, profile_image, created_at, deleted_at, CASE WHEN deleted_at IS NULL THEN version END AS version
        FROM people
        """;

    private const string Blocks = "SELECT blocker_id, blocked_id, is_active, version FROM blocks";

    private static readonly (Service Service, string Query)[] Tables =
    [
        (Service.Wallet, "SELECT user_id, balance, last_seq FROM points_wallets"),
        (Service.Wallet, "SELECT user_id, deleted_at FROM deleted_users"),
        (Service.Wallet, """
            SELECT w.user_id, t.event_id, t.reason, e.amount
            FROM points_wallets AS w JOIN wallet_entries AS e ON e.wallet_id = w.id JOIN wallet_transactions AS t ON t.id = e.transaction_id
            """),
        (Service.Wallet, Blocks),
        (Service.Profile, Blocks),
        (Service.Jobs, Blocks),
        (Service.Chat, Blocks),
        (Service.Profile, People),
        (Service.Jobs, People),
        (Service.Chat, People),
    ];

    public static async Task<IReadOnlyList<string>> ReadAsync(Consumers consumers)
    {
        var rows = new List<string>();
        foreach (var (service, query) in Tables)
        {
            rows.AddRange((await consumers.ReadAsync(service, query)).Select(row => $"{service.Name}: {row}"));
        }

        return rows;
    }

    /// <summary>The checker: every row that only one of the two has.</summary>
    public static IReadOnlyList<string> Differences(IReadOnlyList<string> expected, IReadOnlyList<string> actual) =>
        [.. expected.Except(actual).Select(row => $"missing {row}"), .. actual.Except(expected).Select(row => $"too much {row}")];
}
