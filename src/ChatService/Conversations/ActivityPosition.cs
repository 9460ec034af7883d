using System.Globalization;
using Npgsql;

namespace Explaino.ChatService.Conversations;

/// <summary>Keyset of a list by latest activity, as of its first page: what moves up meanwhile keeps its old place, so that a sweep shows it, once (docs/adr/0029).</summary>
/// <param name="LastActivityAt">Of the last one shown.</param>
/// <param name="Id">Of the last one shown.</param>
/// <param name="SettledAt">What was written up to then was there for the first page; null in a cursor of an older version.</param>
/// <param name="Snapshot">Which transactions the first page saw, as PostgreSQL writes it.</param>
internal sealed record ActivityPosition(DateTimeOffset LastActivityAt, Guid Id, DateTimeOffset? SettledAt, string? Snapshot)
{
    /// <summary>What the next pages need to know of the first, as columns of its rows. No transaction takes a minute.</summary>
    public const string Columns = "now() - interval '1 minute', pg_current_snapshot()::text";

    private const int LongestSnapshot = 400;

    /// <summary>
    /// Conversations of a list with their place in it, <c>stood_at</c>: those that are settled from an index, in its order; of the few that were active since, where they stood when the first page was read.
    /// </summary>
    public static string Sql(ConversationKind kind, string mine, string columns, string condition, int rows) =>
        $"""
        (SELECT {columns}, place.last_activity_at AS stood_at FROM {mine}
        WHERE {condition} AND place.last_activity_at <= @settled_at AND (place.last_activity_at, place.{kind.Key}) < (@position, @last)
        ORDER BY place.last_activity_at DESC, place.{kind.Key} DESC LIMIT {rows})
        UNION ALL
        (SELECT {columns}, coalesce(seen.created_at, place.created_at) AS stood_at FROM {mine}
        LEFT JOIN LATERAL (
            SELECT created_at FROM {kind.Messages} AS message
            WHERE message.{kind.Key} = place.{kind.Key}
                AND (created_at <= @settled_at OR written_in IS NULL OR pg_visible_in_snapshot(written_in, @snapshot::pg_snapshot))
            ORDER BY seq DESC LIMIT 1
        ) AS seen ON true
        WHERE {condition} AND place.last_activity_at > @settled_at AND (coalesce(seen.created_at, place.created_at), place.{kind.Key}) < (@position, @last)
        ORDER BY stood_at DESC, place.{kind.Key} DESC LIMIT {rows})
        """;

    public static (string Name, object? Value)[] Parameters(ActivityPosition? last, Guid userId) =>
    [
        ("user", userId), ("position", last?.LastActivityAt ?? DateTimeOffset.MaxValue), ("last", last?.Id ?? Guid.AllBitsSet),
        ("settled_at", last?.SettledAt ?? DateTimeOffset.MaxValue), ("snapshot", last?.Snapshot ?? "1:1:"),
    ];

    /// <summary>The place of a row that has <see cref="Columns"/> from this column on, in a page after <paramref name="first"/>.</summary>
    public static ActivityPosition Of(DateTimeOffset position, Guid id, NpgsqlDataReader row, int column, ActivityPosition? first) =>
        first is { SettledAt: not null }
            ? first with { LastActivityAt = position, Id = id }
            : new(position, id, row.GetFieldValue<DateTimeOffset>(column), Short(row.GetString(column + 1)));

    /// <summary>Whether PostgreSQL can read it: anybody can write a cursor.</summary>
    public bool IsReadable()
    {
        if (Snapshot is null)
        {
            return SettledAt is null;
        }

        if (Snapshot.Split(':') is not [var xmin, var xmax, var running] || !TryParse(xmin, out var low) || !TryParse(xmax, out var high) || low == 0 || high < low)
        {
            return false;
        }

        var last = low;
        foreach (var id in running.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!TryParse(id, out var value) || value < last || value >= high)
            {
                return false;
            }

            last = value;
        }

        return SettledAt is not null && !running.StartsWith(',') && !running.EndsWith(',') && !running.Contains(",,", StringComparison.Ordinal);
    }

    /// <summary>A cursor is short. With very many at work, all that began with the first of them counts as unseen: then something may be shown twice, nothing is left out.</summary>
    private static string Short(string snapshot) => snapshot.Length <= LongestSnapshot ? snapshot : $"{snapshot.Split(':')[0]}:{snapshot.Split(':')[0]}:";

    private static bool TryParse(string text, out ulong id) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id) && id < long.MaxValue;
}
