using System.Collections.Concurrent;
using System.Diagnostics;

namespace Explaino.Testing.Histories;

/// <summary>What several clients did, by object: who does something writes down when it began, by <see cref="Stopwatch"/>, and when its answer came.</summary>
public sealed class History<TKey, TState> where TKey : notnull where TState : class
{
    private readonly ConcurrentDictionary<TKey, ConcurrentQueue<Operation<TState>>> _operations = new();

    public int Count => _operations.Values.Sum(operations => operations.Count);

    /// <summary>Its answer has just come.</summary>
    public void Returned(TKey key, string text, long called, Func<TState, TState?> apply) => Add(key, new(text, called, Stopwatch.GetTimestamp(), apply));

    /// <summary>No answer has come: it may have come to pass, or may yet, or not.</summary>
    public void Unknown(TKey key, string text, long called, Func<TState, TState?> apply) => Add(key, new(text, called, null, apply));

    /// <summary>What no order explains, object by object.</summary>
    public IReadOnlyList<string> Complaints(TState initial) =>
        [.. _operations.Select(one => (one.Key, Complaint: Linearizability.Complaint(initial, one.Value))).Where(one => one.Complaint is not null).Select(one => $"{one.Key}: {one.Complaint}")];

    private void Add(TKey key, Operation<TState> operation) => _operations.GetOrAdd(key, _ => []).Enqueue(operation);
}
