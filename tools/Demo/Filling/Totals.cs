using System.Collections.Concurrent;

namespace Explaino.Demo.Filling;

/// <summary>How much of each kind was added, and how much was there.</summary>
internal sealed class Totals
{
    private readonly ConcurrentDictionary<string, (int Added, int Found)> _counts = new();

    public IEnumerable<(string Kind, int Added, int Found)> All =>
        _counts.OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => (count.Key, count.Value.Added, count.Value.Found));

    public void Count(string kind, bool isNew) => Count(kind, isNew ? 1 : 0, isNew ? 0 : 1);

    public void Count(string kind, int added, int found) =>
        _counts.AddOrUpdate(kind, (added, found), (_, before) => (before.Added + added, before.Found + found));
}
