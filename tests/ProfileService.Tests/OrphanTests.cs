using Explaino.Testing;

namespace Explaino.ProfileService.Tests;

public sealed class OrphanTests(ProfileHost host) : IClassFixture<ProfileHost>
{
    [Fact]
    public async Task Replaced_files_leave_the_disk_at_once_and_orphans_after_a_day()
    {
        var client = host.As(TestUser.New());
        await client.PutAsync("/api/profiles/me/resume", Documents.Form(Documents.Pdf()));
        var first = Assert.Single(host.Files);
        await client.PutAsync("/api/profiles/me/resume", Documents.Form(Documents.Pdf()));
        var kept = Assert.Single(host.Files);
        var name = $"{Guid.CreateVersion7():n}";
        var orphan = Path.Combine(Directory.CreateDirectory(Path.Combine(host.Folder, "profile", name[^2..])).FullName, name);
        await File.WriteAllTextAsync(orphan, "A process died before its row was written.");

        host.Clock.Advance(TimeSpan.FromHours(2));
        await Assert.ThrowsAsync<TimeoutException>(() => Eventually.TrueAsync(() => !File.Exists(orphan), TimeSpan.FromSeconds(0.5)));
        host.Clock.Advance(TimeSpan.FromHours(23));
        await Eventually.TrueAsync(() => !File.Exists(orphan));

        Assert.NotEqual(first, kept);
        Assert.Equal(kept, Assert.Single(host.Files));
    }
}
