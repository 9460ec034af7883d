namespace Explaino.JobBoardService.Jobs;

/// <summary>
/// PostgreSQL's <c>xmin:xmax:xip,xip,…</c> with every number but the first as the distance to it, so that a cursor holds a hundred writers at once.
/// </summary>
internal static class CompactSnapshot
{
    private const int MaximumLength = 500;

    /// <returns>Null for a snapshot too long for a cursor.</returns>
    public static string? Of(string snapshot)
    {
        var numbers = snapshot.Split([':', ','], StringSplitOptions.RemoveEmptyEntries).Select(ulong.Parse).ToArray();
        var compact = string.Join(',', numbers.Skip(1).Select(number => number - numbers[0]).Prepend(numbers[0]));
        return compact.Length > MaximumLength ? null : compact;
    }

    /// <returns>Null for what is no snapshot, so that an invented cursor never reaches the database.</returns>
    public static string? Expand(string? compact)
    {
        var numbers = new List<ulong>();
        foreach (var part in compact?.Split(',') ?? [])
        {
            if (!ulong.TryParse(part, out var number) || number > long.MaxValue)
            {
                return null;
            }

            numbers.Add(numbers.Count == 0 ? number : numbers[0] + number);
        }

        return numbers is [> 0 and var oldest, var next, .. var running] && next >= oldest
            && running.All(id => id >= oldest && id < next) && running.SequenceEqual(running.Distinct().Order())
            ? $"{oldest}:{next}:{string.Join(',', running)}"
            : null;
    }
}
