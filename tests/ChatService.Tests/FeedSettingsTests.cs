using System.Net;
using System.Net.Http.Json;
using Explaino.Testing;

namespace Explaino.ChatService.Tests;

public sealed class FeedSettingsTests(TwoInstances chat)
{
    [Fact]
    public async Task Settings_are_all_on_at_first_and_a_patch_changes_what_it_names()
    {
        var (ada, _) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        using var first = await asAda.GetAsync("/api/notification-settings");
        var before = await first.ReadObjectAsync();

        using var quiet = await asAda.PatchAsJsonAsync("/api/notification-settings", new { quiet = new { from = "22:00", to = "07:30", time_zone = "Europe/Berlin" } });
        using var less = await asAda.PatchAsJsonAsync("/api/notification-settings", new { kinds = new { message = new { push = false }, job_like = new { feed = false } } });
        using var request = new HttpRequestMessage(HttpMethod.Patch, "/api/notification-settings") { Content = JsonContent.Create(new { quiet = (object?)null }) };
        request.Headers.IfMatch.Add(first.Headers.ETag!);
        using var outdated = await asAda.SendAsync(request);

        Assert.Equal(["added_to_group", "job_comment", "job_like", "points_received", "decision", "security", "other", "message"], before["kinds"]!.AsObject().Select(kind => kind.Key));
        Assert.Equal("""{"push":true}""", before["kinds"]!["message"]!.ToJsonString());
        Assert.Equal("""{"feed":true,"push":true}""", before["kinds"]!["job_like"]!.ToJsonString());
        Assert.Null(before["quiet"]);
        var after = await less.ReadObjectAsync();
        Assert.Equal("""{"push":false}""", after["kinds"]!["message"]!.ToJsonString());
        Assert.Equal("""{"feed":false,"push":true}""", after["kinds"]!["job_like"]!.ToJsonString());
        Assert.Equal("""{"feed":true,"push":true}""", after["kinds"]!["decision"]!.ToJsonString());
        Assert.Equal("""{"from":"22:00","to":"07:30","time_zone":"Europe/Berlin"}""", after["quiet"]!.ToJsonString());
        await outdated.IsProblemAsync(HttpStatusCode.PreconditionFailed, "precondition_failed");
    }

    [Theory]
    [InlineData("""{"kinds":{"gossip":{"feed":true}}}""", "kinds")]
    [InlineData("""{"kinds":{"message":{"feed":true}}}""", "kinds")]
    [InlineData("""{"quiet":{"from":"24:00","to":"07:00","time_zone":"UTC"}}""", "quiet.from")]
    [InlineData("""{"quiet":{"from":"22:00","time_zone":"UTC"}}""", "quiet.to")]
    [InlineData("""{"quiet":{"from":"22:00","to":"07:00","time_zone":"Middle/Earth"}}""", "quiet.time_zone")]
    public async Task Bad_settings_are_refused(string body, string member)
    {
        var (ada, _) = await chat.PairAsync();
        using var asAda = chat.One.As(ada);
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/merge-patch+json");

        using var answer = await asAda.PatchAsync("/api/notification-settings", content);

        await answer.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", member);
    }
}
