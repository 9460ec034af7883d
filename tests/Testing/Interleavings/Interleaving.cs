using System.Globalization;

namespace Explaino.Testing.Interleavings;

/// <summary>Tries the interleavings of what a test arranges, so many and always the same ones.</summary>
public static class Interleaving
{
    /// <summary>Thousands in a test run, for what takes microseconds each.</summary>
    public static int Many => Scale.Of(test: 10_000, shortRun: 10_000, longRun: 100_000);

    /// <param name="schedules">How many.</param>
    /// <param name="arrange">Says what runs, and gives what must hold when all of it has ended.</param>
    public static void Explore(int schedules, Func<Schedule, Action> arrange)
    {
        if (FindFailure(schedules, arrange) is var (seed, failure))
        {
            throw new Xunit.Sdk.XunitException($"Schedule {seed.ToString(CultureInfo.InvariantCulture)}: {failure.Message}", failure);
        }

        Figures.Record("Interleavings", $"schedules of: {Xunit.TestContext.Current.TestMethod!.MethodName.Replace('_', ' ').ToLowerInvariant()}", $"{schedules}, each as it must be");
    }

    /// <summary>The first schedule that fails, which fails again whenever it is run; null if none does.</summary>
    public static (int Seed, Exception Failure)? FindFailure(int schedules, Func<Schedule, Action> arrange)
    {
        for (var seed = 0; seed < schedules; seed++)
        {
            if (Fail(seed, arrange) is { } failure)
            {
                return (seed, failure);
            }
        }

        return null;
    }

    /// <summary>Runs one schedule; what it fails with, if it does.</summary>
    public static Exception? Fail(int seed, Func<Schedule, Action> arrange)
    {
        var schedule = new Schedule(seed);
        try
        {
            var check = arrange(schedule);
            schedule.RunToEnd();
            check();
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }
}
