using System.Diagnostics;
using Explaino.Testing;

namespace Explaino.Trust.Tests.Machine;

/// <summary>The database's disk is slow, and names are not resolved, while people work.</summary>
[Collection(nameof(MachineSystem))]
public sealed class SlowTests(MachineSystem system)
{
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task The_databases_disk_takes_a_tenth_of_a_second_longer()
    {
        Assert.SkipWhen(Misbehaviour.Obstacle is not null, Misbehaviour.Obstacle ?? "");

        await new Endurance(system).EndureAsync(Of(Misbehaviour.SlowSync, "fsync takes 100 ms", "DatabaseSlow") with { IsThereAsync = async () => await CommitAsync() >= Slow });
    }

    [Theory]
    [InlineData(Misbehaviour.NoNames, "names not resolved")]
    [InlineData(Misbehaviour.SilentNames, "no name server answers")]
    public async Task Names_are_not_resolved(string trouble, string name)
    {
        Assert.SkipWhen(Misbehaviour.Obstacle is not null, Misbehaviour.Obstacle ?? "");
        var slow = Of(trouble, name, "ErrorBudgetBurnsFast");

        await new Endurance(system).EndureAsync(slow with
        {
            BeginAsync = async () =>
            {
                await slow.BeginAsync();

                // Connections that are there need no names.
                foreach (var wire in ExplainoSystem.All.Select(service => service.Name).Append(MachineSystem.TheDatabase).Append(MachineSystem.TheBroker).SelectMany(system.WiresTo))
                {
                    wire.Cut();
                }
            },
        });
    }

    private Trouble Of(string trouble, string name, string alert) => new(name, alert)
    {
        BeginAsync = () =>
        {
            system.Misbehaviour.Begin(trouble);
            return Task.CompletedTask;
        },
        EndAsync = () =>
        {
            system.Misbehaviour.End(trouble);
            return Task.CompletedTask;
        },
    };

    /// <summary>How long a commit takes; the shortest of some, since anything may hold up one.</summary>
    private async Task<TimeSpan> CommitAsync()
    {
        var shortest = TimeSpan.MaxValue;
        for (var commit = 0; commit < 3; commit++)
        {
            var began = Stopwatch.GetTimestamp();
            await system.Postgres.ExecuteAsync("SELECT pg_logical_emit_message(true, 'trust', 'How long does a commit take?')");
            shortest = TimeSpan.FromTicks(Math.Min(shortest.Ticks, Stopwatch.GetElapsedTime(began).Ticks));
        }

        return shortest;
    }
}
