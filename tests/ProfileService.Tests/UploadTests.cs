using System.Diagnostics.Metrics;
using System.Net;
using Explaino.Testing;

namespace Explaino.ProfileService.Tests;

/// <summary>Uploads take a place before their first byte is kept (CWE-770), and what they keep is gone with them.</summary>
public sealed class UploadTests(UploadHost host) : IClassFixture<UploadHost>
{
    private const int Places = 8;
    private const int Limit = 5 * 1024 * 1024;

    private static readonly byte[] Largest = Documents.Pdf(Limit);
    private static readonly byte[] Small = Documents.Pdf(100_000);

    [Fact]
    public async Task Sixty_slow_uploads_keep_no_more_than_there_are_places_for()
    {
        var uploads = Enumerable.Range(0, 30).Select(_ => TestUser.New())
            .SelectMany(user => new[] { SlowUpload.Start(host, user, Largest), SlowUpload.Start(host, user, Largest) }).ToList();

        await Eventually.TrueAsync(() => uploads.Count(upload => upload.Answer.IsCompleted) >= 60 - Places, TimeSpan.FromMinutes(2));
        var kept = host.BytesKept();
        uploads.ForEach(upload => upload.Finish());
        var answers = await Task.WhenAll(uploads.Select(upload => upload.Answer));
        await Task.WhenAll(uploads.Select(upload => upload.DisposeAsync().AsTask()));

        Assert.InRange(kept, 1, Places * Limit);
        Assert.Equal(Places, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        var refused = answers.First(answer => answer.StatusCode != HttpStatusCode.OK);
        await refused.IsProblemAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(0, host.BytesKept());
    }

    [Fact]
    public async Task Nobody_has_more_than_two_at_a_time()
    {
        var user = TestUser.New();
        await using var first = SlowUpload.Start(host, user, Small);
        await using var second = SlowUpload.Start(host, user, Small);
        await Eventually.TrueAsync(() => host.FilesKept() == 2);

        await using var third = SlowUpload.Start(host, user, Small);
        var refused = await third.Answer;
        first.Finish();
        second.Finish();

        await refused.IsProblemAsync(HttpStatusCode.TooManyRequests, "too_many_uploads");
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, (await first.Answer).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await second.Answer).StatusCode);
    }

    [Fact]
    public async Task An_upload_that_takes_too_long_gives_its_place_back()
    {
        await using var hasty = UploadHost.With("Uploads:Time", "00:00:00.5");
        await hasty.InitializeAsync();

        await using var endless = SlowUpload.Start(hasty, TestUser.New(), Small);

        await (await endless.Answer).IsProblemAsync(HttpStatusCode.RequestTimeout, "request_timeout");
        Assert.Equal(0, hasty.FilesKept());
    }

    [Theory]
    [InlineData("Uploads:Folder")]
    [InlineData("Storage:Folder")]
    public async Task A_full_disk_is_an_outage_and_leaves_nothing_behind(string setting)
    {
        Assert.SkipWhen(SmallDisk.Obstacle is not null, SmallDisk.Obstacle ?? "");
        await using var disk = await SmallDisk.MountAsync("1m");
        await using var cramped = UploadHost.With(setting, disk.Folder);
        await cramped.InitializeAsync();
        var client = cramped.As(TestUser.New());

        using var refused = await client.PutAsync("/api/profiles/me/resume", Documents.Form(Documents.Pdf(3_000_000)));
        using var smaller = await client.PutAsync("/api/profiles/me/resume", Documents.Form(Documents.Pdf(900_000)));

        await refused.IsProblemAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, smaller.StatusCode);
    }

    [Theory]
    [InlineData("Uploads:Folder")]
    [InlineData("Storage:Folder")]
    public async Task A_disk_that_fills_is_measured(string setting)
    {
        Assert.SkipWhen(SmallDisk.Obstacle is not null, SmallDisk.Obstacle ?? "");
        await using var disk = await SmallDisk.MountAsync("1m");
        await using var cramped = UploadHost.With(setting, disk.Folder);
        await cramped.InitializeAsync();
        var before = FreeShareOf(disk.Folder);

        disk.Fill();

        Assert.InRange(before, 0.9, 1);
        Assert.InRange(FreeShareOf(disk.Folder), 0, 0.01);
    }

    /// <summary>As its exporter would be told.</summary>
    private static double FreeShareOf(string folder)
    {
        var shares = new List<double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "explaino.files.free_share")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, share, tags, _) =>
        {
            if (tags[0].Value is string measured && measured.StartsWith(folder, StringComparison.Ordinal))
            {
                shares.Add(share);
            }
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return Assert.Single(shares);
    }
}
