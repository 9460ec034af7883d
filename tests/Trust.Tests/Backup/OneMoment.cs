namespace Explaino.Trust.Tests.Backup;

/// <summary>The checker: what is there after a restore is what was there at one moment, the same in every service.</summary>
/// <param name="LatestThere">When the last write began that is there.</param>
/// <param name="EarliestLost">When the first write was acknowledged that is not; null if all are.</param>
internal sealed record OneMoment(DatedWrite? LatestThere, DatedWrite? EarliestLost, int Lost)
{
    /// <summary>Reads everything through the API.</summary>
    public static async Task<OneMoment> ReadAsync(DatedLoad load)
    {
        var (there, lost) = (new List<DatedWrite>(), new List<DatedWrite>());
        foreach (var writes in load.Writes.GroupBy(write => (write.Place, write.Person)))
        {
            var texts = await load.ReadAsync(writes.Key.Place, writes.Key.Person);
            var found = writes.Where(write => texts.Contains(write.Text)).ToList();

            // Of what is overwritten, only what came after the last one that is there is known to be lost.
            var since = writes.Key.Place is Place.Bio or Place.Headline ? found.Max(write => (DateTimeOffset?)write.Begun) : null;
            there.AddRange(found);
            lost.AddRange(writes.Where(write => write.Acknowledged is not null && !texts.Contains(write.Text) && !(write.Begun < since)));
        }

        return new(there.MaxBy(write => write.Begun), lost.MinBy(write => write.Acknowledged), lost.Count);
    }

    /// <summary>Whether there is such a moment at all; and whether it is this one, if it was chosen.</summary>
    public IEnumerable<string> Complaints(DateTimeOffset? chosen)
    {
        if (LatestThere is null)
        {
            yield return "nothing is there";
        }

        if (LatestThere?.Begun > EarliestLost?.Acknowledged)
        {
            yield return $"no one moment: {LatestThere} is there, {EarliestLost} is not";
        }

        if (EarliestLost?.Acknowledged < chosen)
        {
            yield return $"lost before {chosen:O}: {EarliestLost}";
        }

        if (LatestThere?.Begun > chosen)
        {
            yield return $"there after {chosen:O}: {LatestThere}";
        }
    }

    /// <summary>Recovery point: how much time before the catastrophe is missing.</summary>
    public TimeSpan MissingBefore(DateTimeOffset catastrophe) =>
        EarliestLost?.Acknowledged is { } since && since < catastrophe ? catastrophe - since : TimeSpan.Zero;
}
