using System.Collections.Concurrent;
using Explaino.ServiceDefaults.Errors;
using Microsoft.Extensions.DependencyInjection;

namespace Explaino.ServiceData;

/// <summary>Group commit: what arrives while one group is written is the next group, and each caller is answered after the commit of its own (docs/adr/0059).</summary>
/// <remarks>One group at a time. A group that fails is written item by item, so that a fault is that of the item which has it.</remarks>
/// <param name="write">Writes a group in one transaction, all of it or nothing. It goes on without the caller who gave up waiting.</param>
/// <param name="largest">How many items a group has at most.</param>
/// <param name="pacing">How soon a group that is not full may follow another.</param>
public sealed class GroupCommit<T>(Func<IReadOnlyList<T>, Task> write, int largest, Pacing pacing) : IDisposable
{
    private readonly ConcurrentQueue<Arrival> _arrivals = new();
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Returns when the item is committed, or throws why it is not.</summary>
    public async Task WriteAsync(T item, CancellationToken cancellationToken)
    {
        var own = new Arrival(item);
        _arrivals.Enqueue(own);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // Most find that another caller has written theirs.
            while (!own.Written.Task.IsCompleted)
            {
                await WriteNextAsync();
            }
        }
        finally
        {
            _turn.Release();
        }

        await own.Written.Task;
    }

    public void Dispose() => _turn.Dispose();

    private async Task WriteNextAsync()
    {
        await pacing.WaitAsync(_arrivals.Count >= largest, CancellationToken.None);
        var group = new List<Arrival>();
        while (group.Count < largest && _arrivals.TryDequeue(out var next))
        {
            group.Add(next);
        }

        if (await TryWriteAsync(group) is not { } failure)
        {
            return;
        }

        // One by one, what is away would be waited for once an item.
        var together = group.Count == 1 || TransientFailure.Is(failure);
        foreach (var arrival in group)
        {
            if ((together ? failure : await TryWriteAsync([arrival])) is { } fault)
            {
                arrival.Written.SetException(fault);
            }
        }
    }

    private async Task<Exception?> TryWriteAsync(IReadOnlyList<Arrival> group)
    {
        try
        {
            await write([.. group.Select(arrival => arrival.Item)]);
        }
        catch (Exception e)
        {
            return e;
        }

        foreach (var arrival in group)
        {
            arrival.Written.SetResult();
        }

        return null;
    }

    private sealed record Arrival(T Item)
    {
        public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

public static class GroupCommitRegistration
{
    /// <summary>Registers the group commit of a service's items, each group written through a context of its own.</summary>
    /// <param name="write">Writes a group in one transaction.</param>
    /// <param name="largest">How many items a group has at most.</param>
    /// <param name="pace">How soon a group that is not full may follow another.</param>
    public static IServiceCollection AddGroupCommit<TContext, T>(this IServiceCollection services, Func<TContext, IReadOnlyList<T>, Task> write, int largest, TimeSpan pace)
        where TContext : class =>
        services.AddSingleton(provider => new GroupCommit<T>(
            async items =>
            {
                await using var scope = provider.CreateAsyncScope();
                await write(scope.ServiceProvider.GetRequiredService<TContext>(), items);
            },
            largest,
            new(pace, provider.GetRequiredService<TimeProvider>())));
}
