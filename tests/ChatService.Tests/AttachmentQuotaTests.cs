using System.Net;
using System.Net.Http.Json;
using Explaino.Testing;
using static Explaino.ChatService.Tests.Uploads;

namespace Explaino.ChatService.Tests;

/// <summary>What an owner may keep, and for how long.</summary>
public sealed class AttachmentQuotaTests(AttachmentQuotaTests.Fixture fixture) : IClassFixture<AttachmentQuotaTests.Fixture>
{
    [Fact]
    public async Task An_owners_files_stay_within_their_quota_however_many_come_at_once()
    {
        using var ada = fixture.Chat.As(TestUser.New());
        byte[] file = [.. Pdf, .. new byte[300 * 1024], .. "\n%%EOF\n"u8];

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ada.TryUploadAsync(file)));

        Assert.Equal(3, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        foreach (var refused in answers.Where(answer => answer.StatusCode != HttpStatusCode.Created && answer.StatusCode != HttpStatusCode.TooManyRequests))
        {
            await refused.IsProblemAsync(HttpStatusCode.Conflict, "attachment_quota_exceeded");
        }
    }

    [Fact]
    public async Task What_is_not_sent_within_a_day_is_gone_with_its_file_and_can_be_sent_no_more()
    {
        var (user, peer) = (TestUser.New(), TestUser.New());
        var created = EventDocuments.Example("user-created.v1");
        created["userId"] = peer.Id;
        await fixture.Chat.Environment.Broker.PublishAsync("user-created.v1", created);
        using var ada = fixture.Chat.As(user);
        var id = Guid.Empty;
        await Eventually.TrueAsync(async () =>
        {
            using var started = await ada.PostAsJsonAsync("/api/chats", new { user_id = peer.Id });
            id = started.StatusCode == HttpStatusCode.Created ? (await started.ReadObjectAsync(HttpStatusCode.Created)).Id() : Guid.Empty;
            return id != Guid.Empty;
        });
        var (sent, unsent) = (await ada.UploadAsync(Pdf), await ada.UploadAsync(Opus));
        using var message = await ada.PostAsJsonAsync($"/api/chats/{id}/messages", new { attachment_ids = new[] { sent.Id() } });

        fixture.Clock.Advance(TimeSpan.FromHours(24));
        using var later = fixture.Chat.As(user);
        using var gone = await later.GetAsync(PathOf(unsent));
        using var tooLate = await later.PostAsJsonAsync($"/api/chats/{id}/messages", new { attachment_ids = new[] { unsent.Id() } });

        // Old rows go when an instance starts, and every ten minutes.
        await using var another = new ServiceHost<Program>(fixture.Chat.Environment, fixture.Settings, fixture.Clock);
        await another.InitializeAsync();
        await Eventually.TrueAsync(() => Directory.EnumerateFiles(fixture.Files, "*", SearchOption.AllDirectories).Count() == 1);
        using var kept = await another.As(user).GetAsync(PathOf(sent));

        Assert.Equal(HttpStatusCode.Created, message.StatusCode);
        await gone.IsProblemAsync(HttpStatusCode.NotFound, "attachment_not_found");
        await tooLate.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "attachment_ids[0]");
        Assert.Equal(HttpStatusCode.OK, kept.StatusCode);
    }

    public sealed class Fixture : IAsyncLifetime
    {
        public string Files { get; } = Directory.CreateTempSubdirectory("explaino-chat-").FullName;

        public TestClock Clock { get; } = new();

        public Dictionary<string, string?> Settings => new()
        {
            ["Storage:Folder"] = Files,
            ["Storage:SweepInterval"] = "00:00:00.1",
            ["Attachments:QuotaMiB"] = "1",
        };

        public ServiceHost<Program> Chat { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Chat = new(Service.Chat, Settings, Clock);
            await Chat.InitializeAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await Chat.DisposeAsync();
            Directory.Delete(Files, recursive: true);
        }
    }
}
