namespace Explaino.ServiceData.Tests;

/// <summary>What arrives while a group is written is the next group; each item has its own outcome.</summary>
public sealed class GroupCommitTests
{
    private static readonly Pacing Unpaced = new(TimeSpan.Zero, TimeProvider.System);

    private readonly List<IReadOnlyList<string>> _groups = [];
    private readonly TaskCompletionSource _first = new();

    [Fact]
    public async Task What_arrives_meanwhile_is_one_group_as_large_as_allowed()
    {
        using var commit = new GroupCommit<string>(WriteAsync, largest: 3, Unpaced);

        var writes = ArriveWhileTheFirstIsWritten(commit, "a", "b", "c", "d");
        await Task.WhenAll(writes);

        Assert.Equal(["first", "a b c", "d"], _groups.Select(group => string.Join(' ', group)));
    }

    [Fact]
    public async Task A_fault_is_of_the_item_that_has_it_and_the_others_are_written()
    {
        using var commit = new GroupCommit<string>(WriteAsync, largest: 10, Unpaced);

        var writes = ArriveWhileTheFirstIsWritten(commit, "a", "bad", "c");

        var fault = await Assert.ThrowsAsync<FormatException>(() => writes[2]);
        Assert.Equal("bad", fault.Message);
        await Task.WhenAll(writes[0], writes[1], writes[3]);
        Assert.Equal(["first", "a bad c", "a", "bad", "c"], _groups.Select(group => string.Join(' ', group)));
    }

    [Fact]
    public async Task What_is_away_is_waited_for_once_and_not_for_each_item()
    {
        using var commit = new GroupCommit<string>(WriteAsync, largest: 10, Unpaced);

        var writes = ArriveWhileTheFirstIsWritten(commit, "a", "away", "c");

        foreach (var write in writes[1..])
        {
            await Assert.ThrowsAsync<TimeoutException>(() => write);
        }

        Assert.Equal(2, _groups.Count);
    }

    [Fact]
    public async Task A_caller_who_gives_up_stops_nobody_else()
    {
        using var commit = new GroupCommit<string>(WriteAsync, largest: 10, Unpaced);
        using var impatient = new CancellationTokenSource();
        var first = commit.WriteAsync("first", CancellationToken.None);
        var givenUp = commit.WriteAsync("a", impatient.Token);
        var patient = commit.WriteAsync("b", CancellationToken.None);

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givenUp);
        _first.SetResult();

        await Task.WhenAll(first, patient);
        Assert.Equal(["first", "a b"], _groups.Select(group => string.Join(' ', group)));
    }

    [Fact]
    public async Task A_group_keeps_its_distance_from_the_one_before()
    {
        var distance = TimeSpan.FromMilliseconds(200);
        using var commit = new GroupCommit<string>(WriteAsync, largest: 10, new(distance, TimeProvider.System));
        _first.SetResult();
        var from = TimeProvider.System.GetTimestamp();

        await commit.WriteAsync("first", CancellationToken.None);
        await commit.WriteAsync("second", CancellationToken.None);

        Assert.InRange(TimeProvider.System.GetElapsedTime(from), distance, TimeSpan.MaxValue);
    }

    [Fact]
    public async Task A_full_group_keeps_none()
    {
        using var commit = new GroupCommit<string>(WriteAsync, largest: 2, new(TimeSpan.FromHours(1), TimeProvider.System));

        await Task.WhenAll(ArriveWhileTheFirstIsWritten(commit, "a", "b"));

        Assert.Equal(["first", "a b"], _groups.Select(group => string.Join(' ', group)));
    }

    private List<Task> ArriveWhileTheFirstIsWritten(GroupCommit<string> commit, params IEnumerable<string> items)
    {
        var writes = items.Prepend("first").Select(item => commit.WriteAsync(item, CancellationToken.None)).ToList();
        _first.SetResult();
        return writes;
    }

    private async Task WriteAsync(IReadOnlyList<string> group)
    {
        _groups.Add(group);
        await _first.Task;
        if (group.Contains("away"))
        {
            throw new TimeoutException();
        }

        if (group.Contains("bad"))
        {
            throw new FormatException("bad");
        }
    }
}
