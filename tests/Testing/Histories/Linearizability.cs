namespace Explaino.Testing.Histories;

/// <summary>Linearizability of one object's history: there is an order of its operations, each at a moment between its call and its answer, that explains every answer (Wing and Gong, Lowe).</summary>
/// <remarks>
/// The history is gone through in the order of time, with all states in which the object can be, and which of the operations under way have come to pass in each. An operation is given its place as late
/// as possible: when its answer comes, after any of those under way. A state that equals another is one, so that histories of thousands of operations take no time.
/// </remarks>
public static class Linearizability
{
    private const int MostUnderWay = 64;

    /// <returns>The operation whose answer nothing explains; null if the history is linearizable.</returns>
    public static string? Complaint<TState>(TState initial, IEnumerable<Operation<TState>> history) where TState : class
    {
        var operations = history.ToList();
        var underWay = new Operation<TState>?[MostUnderWay];
        HashSet<Possibility<TState>> possible = [new(initial, 0)];
        foreach (var (_, isReturn, operation) in Moments(operations))
        {
            if (!isReturn)
            {
                var free = Array.IndexOf(underWay, null);
                underWay[free >= 0 ? free : throw new InvalidOperationException($"More than {MostUnderWay} operations at once.")] = operation;
                continue;
            }

            var place = Array.IndexOf(underWay, operation);
            var explained = Explain(possible, underWay, place);
            if (explained.Count == 0)
            {
                return $"No order explains: {operation.Text}. Before it: {string.Join(" | ", possible.Take(5).Select(one => one.State))}. "
                    + $"Under way: {string.Join(", ", underWay.Where(other => other is not null && other != operation).Select(other => other!.Text))}";
            }

            underWay[place] = null;
            possible = explained;
        }

        return null;
    }

    /// <summary>Those possibilities in which the operation has come to pass, without mention of it.</summary>
    private static HashSet<Possibility<TState>> Explain<TState>(HashSet<Possibility<TState>> possible, Operation<TState>?[] underWay, int place) where TState : class
    {
        var explained = new HashSet<Possibility<TState>>();
        var seen = new HashSet<Possibility<TState>>(possible);
        var open = new Stack<Possibility<TState>>(possible);
        while (open.TryPop(out var one))
        {
            if (one.Has(place))
            {
                explained.Add(one.Without(place));
                continue;
            }

            for (var next = 0; next < underWay.Length; next++)
            {
                if (underWay[next] is { } operation && !one.Has(next) && operation.Apply(one.State) is { } state && one.With(next, state) is var after && seen.Add(after))
                {
                    open.Push(after);
                }
            }
        }

        return explained;
    }

    /// <summary>Calls before answers of the same moment: those operations were under way together.</summary>
    private static IEnumerable<(long At, bool IsReturn, Operation<TState> Operation)> Moments<TState>(List<Operation<TState>> operations) where TState : class =>
        operations.Select(operation => (operation.Called, false, operation))
            .Concat(operations.Where(operation => operation.Returned is not null).Select(operation => (operation.Returned!.Value, true, operation)))
            .OrderBy(moment => moment.Item1).ThenBy(moment => moment.Item2);

    /// <param name="State">What the object is.</param>
    /// <param name="Done">The places of those under way that have come to pass.</param>
    private readonly record struct Possibility<TState>(TState State, ulong Done)
    {
        public bool Has(int place) => (Done & (1UL << place)) != 0;

        public Possibility<TState> With(int place, TState state) => new(state, Done | (1UL << place));

        public Possibility<TState> Without(int place) => this with { Done = Done & ~(1UL << place) };
    }
}
