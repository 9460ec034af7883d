namespace Explaino.Trust.Tests.Machine;

/// <summary>Trouble: something of the machine that goes wrong for a while.</summary>
/// <param name="Name">As the table of figures has it.</param>
/// <param name="Alert">The one of deploy/prometheus that says it, if it lasts.</param>
internal sealed record Trouble(string Name, string Alert)
{
    public required Func<Task> BeginAsync { get; init; }

    /// <summary>What takes it away, and no more: the services come back by themselves.</summary>
    public required Func<Task> EndAsync { get; init; }

    /// <summary>Whether it is there; by default it is when calls are refused. A trouble that cannot be seen proves nothing.</summary>
    public Func<Task<bool>>? IsThereAsync { get; init; }

    /// <summary>Whether what the services measure shows it; what only the machine measures is not there.</summary>
    public bool IsMeasured { get; init; } = true;
}
