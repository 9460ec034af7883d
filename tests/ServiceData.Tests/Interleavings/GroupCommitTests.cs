using Explaino.Testing.Interleavings;

namespace Explaino.ServiceData.Tests.Interleavings;

/// <summary>Group commit in any order of arrivals and failures: everybody is answered, and as their own item fared.</summary>
public sealed class GroupCommitTests
{
    private const int Largest = 3;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(5);

    [Fact]
    public void Everybody_is_answered_and_as_their_own_item_fared() =>
        Interleaving.Explore(Interleaving.Many, schedule => Arrange(schedule, write =>
        {
            var commit = new GroupCommit<int>(write, Largest, new(Pace, schedule.Clock));
            return item => commit.WriteAsync(item, CancellationToken.None);
        }));

    [Fact]
    public void Seeded_whoever_arrives_while_a_group_is_written_and_leaves_it_to_that_writer_waits_without_end()
    {
        var found = Interleaving.FindFailure(Interleaving.Many, schedule => Arrange(schedule, write => new Trusting(write).WriteAsync));

        Assert.StartsWith("Deadlock", found?.Failure.Message, StringComparison.Ordinal);
    }

    private static Action Arrange(Schedule schedule, Func<Func<IReadOnlyList<int>, Task>, Func<int, Task>> open)
    {
        var written = new List<int>();
        var writing = 0;
        var write = open(async group =>
        {
            Assert.InRange(group.Count, 1, Largest);
            Assert.Equal(1, ++writing);
            await schedule.PauseAsync(TimeSpan.Zero, Latency, Pace);
            writing--;
            if (group.Any(IsBad))
            {
                throw new FormatException();
            }

            written.AddRange(group);
        });
        foreach (var item in Enumerable.Range(0, 6))
        {
            schedule.Run(async () =>
            {
                await schedule.PauseAsync(TimeSpan.Zero, Latency, Pace);
                await (IsBad(item) ? Assert.ThrowsAsync<FormatException>(() => write(item)) : write(item));
                Assert.Equal(IsBad(item) ? 0 : 1, written.Count(one => one == item));
            });
        }

        return () => { };
    }

    private static bool IsBad(int item) => item == 4;

    /// <summary>Group commit of somebody who trusts that a writer who is at work will see what comes now.</summary>
    private sealed class Trusting(Func<IReadOnlyList<int>, Task> write)
    {
        private readonly Queue<(int Item, TaskCompletionSource Written)> _arrivals = new();
        private bool _isWriting;

        public async Task WriteAsync(int item)
        {
            var own = new TaskCompletionSource();
            _arrivals.Enqueue((item, own));
            if (!_isWriting)
            {
                _isWriting = true;
                var (next, written) = _arrivals.Dequeue();
                await write([next]);
                written.SetResult();
                _isWriting = false;
            }

            await own.Task;
        }
    }
}
