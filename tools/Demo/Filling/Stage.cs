namespace Explaino.Demo.Filling;

/// <summary>A part of the work: what it does to each of so many things. Parts follow one another, things of one part are done side by side.</summary>
internal abstract record Stage(string Title, int Count)
{
    /// <summary>So many at a time: enough to keep a small machine busy, not so many that others wait.</summary>
    private const int AtATime = 8;

    public static Stage Of<T>(string title, IReadOnlyCollection<T> things, Func<T, CancellationToken, Task> work) =>
        new For<T>(title, things, work);

    public abstract Task RunAsync(Action advance, CancellationToken cancellationToken);

    private sealed record For<T>(string Title, IReadOnlyCollection<T> Things, Func<T, CancellationToken, Task> Work) : Stage(Title, Things.Count)
    {
        public override Task RunAsync(Action advance, CancellationToken cancellationToken) => Parallel.ForEachAsync(
            Things,
            new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken },
            async (thing, token) =>
            {
                await Work(thing, token);
                advance();
            });
    }
}
