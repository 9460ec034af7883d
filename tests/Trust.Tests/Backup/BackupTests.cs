using System.Diagnostics;
using System.Globalization;
using Explaino.Testing;

namespace Explaino.Trust.Tests.Backup;

/// <summary>Restore to a moment, as docs/operations.md has it: after a mistake, and when the database's machine is lost, all services are back at one moment.</summary>
public sealed class BackupTests(ArchivedSystem system) : IClassFixture<ArchivedSystem>
{
    private const string Area = "Backup";
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);
    private static readonly Service[] Copying = [Service.Wallet, Service.Profile, Service.Jobs, Service.Chat];

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task After_a_mistake_every_service_is_back_at_the_moment_before()
    {
        var load = await DatedLoad.StartAsync(system.Gateway.BaseAddress!);
        await system.Archive.BackupAsync();
        await load.GoOnAsync(Scale.Of(test: 20, shortRun: 100, longRun: 500));
        using var picture = await DeletedPicture.UploadAsync(system);
        var moment = Now;
        await picture.DeleteAsync();
        await load.GoOnAsync(20);
        await load.StopAsync();
        await system.ExecuteAsync(Service.Chat, "DROP TABLE messages CASCADE");

        await system.RestoreAsync(moment, resendSince: moment - TimeSpan.FromHours(1));
        await load.ComeBackAsync(system.Gateway.BaseAddress!);
        await system.Archive.BeginAgainAsync();

        var restored = await OneMoment.ReadAsync(load);
        Assert.Empty(restored.Complaints(moment));
        await AgreesAsync();
        await picture.ComesBackWithItsFileAsync();
        Figures.Record(Area, "after a table was dropped: writes in five services, all to be on one side of the chosen moment", $"{load.Writes.Count}");
        Figures.Record(Area, "on the wrong side", $"{restored.Complaints(moment).Count()}");
        await WrongCopiesAreNoticedAndPutRightAsync();
        await WhatIsMissingIsNoticedAsync(load);
    }

    [Fact]
    public async Task Of_a_lost_machine_nothing_older_than_five_seconds_is_missing()
    {
        await FillAsync();
        var load = await DatedLoad.StartAsync(system.Gateway.BaseAddress!);
        var size = await system.Archive.BackupAsync();
        await load.GoOnAsync(Scale.Of(test: 20, shortRun: 100, longRun: 500));

        var (restored, missing, times) = await LoseAndRestoreAsync(load);

        Assert.Empty(restored.Complaints(chosen: null));
        await AgreesAsync();
        Record(restored, missing, times, size);
        Assert.True(missing < Promised, $"{missing} are missing: {restored}");
    }

    [Fact]
    public async Task An_archive_that_hears_nothing_any_more_is_noticed()
    {
        var load = await DatedLoad.StartAsync(system.Gateway.BaseAddress!);
        await system.Archive.BackupAsync();
        await load.GoOnAsync(20);
        await system.Archive.FallSilentAsync();
        var silent = Stopwatch.GetTimestamp();
        await Eventually.TrueAsync(() => Stopwatch.GetElapsedTime(silent) > Promised);

        var (restored, missing, _) = await LoseAndRestoreAsync(load);

        Assert.Empty(restored.Complaints(chosen: null));
        Assert.True(restored.Lost > 0);
        Assert.InRange(missing, Promised, Timeout);
        Figures.Record(Area, "archive silenced before: seconds seen to be missing", $"{missing.TotalSeconds:F1}");
    }

    private async Task<(OneMoment Restored, TimeSpan Missing, RestoreTimes Times)> LoseAndRestoreAsync(DatedLoad load)
    {
        var lost = Now;
        await system.Postgres.LoseAsync();
        await load.StopAsync();
        var times = await system.RestoreAsync(moment: null, resendSince: lost - TimeSpan.FromHours(1));
        await load.ComeBackAsync(system.Gateway.BaseAddress!);
        await system.Archive.BeginAgainAsync();
        var restored = await OneMoment.ReadAsync(load);
        return (restored, restored.MissingBefore(load.Writes.Max(write => write.Acknowledged) is { } last && last > lost ? last : lost), times);
    }

    /// <summary>The books are right, and each copy is what Identity has.</summary>
    private async Task AgreesAsync()
    {
        await system.RunVerbAsync(Service.Wallet, "verify");
        await Eventually.TrueAsync(async () => await Copies.ComplaintsAsync(system) is [], Timeout);
        foreach (var service in Copying)
        {
            Assert.Contains(" 0 put right, right", (await system.RunVerbAsync(service, "resync", "people")).Output, StringComparison.Ordinal);
        }
    }

    /// <summary>The seeded faults of <see cref="Copies"/>, and the verb that mends them.</summary>
    private async Task WrongCopiesAreNoticedAndPutRightAsync()
    {
        await system.ExecuteAsync(Service.Profile, "UPDATE people SET first_name = 'Of a later time', version = version + 7 WHERE username <> 'admin'");
        await system.ExecuteAsync(Service.Jobs, "UPDATE people SET first_name = 'Of a former time', version = 0 WHERE username <> 'admin'");
        await system.ExecuteAsync(Service.Chat, "UPDATE people SET first_name = 'Of no time' WHERE username <> 'admin'");
        await system.ExecuteAsync(Service.Wallet, "DELETE FROM points_wallets WHERE last_seq = 0");
        var complaints = await Copies.ComplaintsAsync(system);
        foreach (var service in Copying)
        {
            Assert.Contains(complaints, said => said.StartsWith($"{service.Name} ", StringComparison.Ordinal));
            await system.RunVerbAsync(service, "resync", "people");
        }

        Assert.Empty(await Copies.ComplaintsAsync(system));
        Figures.Record(Area, "copies of people made wrong; still wrong after resync people", $"{complaints.Count}; 0");
    }

    /// <summary>The seeded fault of <see cref="OneMoment"/>.</summary>
    private async Task WhatIsMissingIsNoticedAsync(DatedLoad load)
    {
        var first = load.Writes.First(write => write is { Place: Place.Post, Acknowledged: not null });
        await system.ExecuteAsync(Service.Jobs, $"DELETE FROM job_posts WHERE title = '{first.Text}'");
        Assert.Contains((await OneMoment.ReadAsync(load)).Complaints(chosen: null), said => said.StartsWith("no one moment", StringComparison.Ordinal));
    }

    /// <summary>What a service that has run for a while has to be restored.</summary>
    private Task FillAsync() => system.ExecuteAsync(
        Service.Chat,
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            CREATE TABLE filling AS
            SELECT i AS id, (SELECT string_agg(md5(i::text || j), '') FROM generate_series(1, 30) AS j) AS text
            FROM generate_series(1, {Scale.Of(test: 1_000, shortRun: 20_000, longRun: 1_000_000)}) AS i
            """));

    private static void Record(OneMoment restored, TimeSpan missing, RestoreTimes times, long size)
    {
        var megabytes = size / 1_000_000.0;
        Figures.Record(Area, "after the machine was lost: seconds before it that are missing; acknowledged writes", $"{missing.TotalSeconds:F2}; {restored.Lost}");
        Figures.Record(Area, "databases and log restored, MB", $"{megabytes:F0}");
        Figures.Record(Area, "databases are back after, s", $"{times.Databases.TotalSeconds:F1}");
        Figures.Record(Area, "all services serve again after, s", $"{times.Whole.TotalSeconds:F1}");
        if (Scale.IsLong)
        {
            var rest = times.Whole - times.Databases;
            Figures.Record(Area, "the same of 100 GB, extrapolated, min", $"{((times.Databases * (100_000 / megabytes)) + rest).TotalMinutes:F0}");
        }
    }
}
