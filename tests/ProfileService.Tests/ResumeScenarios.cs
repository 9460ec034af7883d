using System.Net;
using Explaino.Testing;

namespace Explaino.ProfileService.Tests;

/// <summary>What holds of résumés wherever their files are kept.</summary>
public abstract class ResumeScenarios(ServiceHost<Program> host)
{
    [Fact]
    public async Task It_comes_back_byte_for_byte_as_an_attachment()
    {
        var user = TestUser.New();
        var file = Documents.Pdf(200_000);

        using var uploaded = await host.As(user).PutAsync("/api/profiles/me/resume", Documents.Form(file, "Müller \"CV\".pdf"));
        using var download = await host.As(TestUser.New()).GetAsync($"/api/profiles/{user.Id}/resume/file");

        var resume = await uploaded.ReadObjectAsync();
        Assert.Equal(["id", "file_name", "content_type", "size", "version", "uploaded_at"], resume.Select(member => member.Key));
        Assert.Equal("Müller \"CV\".pdf", (string?)resume["file_name"]);
        Assert.Equal("application/pdf", (string?)resume["content_type"]);
        Assert.Equal(200_000, (int?)resume["size"]);
        Assert.Equal(1, (int?)resume["version"]);
        Assert.Equal(file, await download.Content.ReadAsByteArrayAsync());
        Assert.Equal("application/pdf", download.Content.Headers.ContentType?.ToString());
        Assert.Equal("attachment", download.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal("Müller \"CV\".pdf", download.Content.Headers.ContentDisposition?.FileNameStar);
        Assert.Equal("nosniff", Assert.Single(download.Headers.GetValues("X-Content-Type-Options")));
        var metadata = await host.As(user).GetObjectAsync($"/api/profiles/{user.Id}/resume");
        Assert.Equal(resume.ToJsonString(), metadata.ToJsonString());
        var profile = await host.As(user).GetObjectAsync($"/api/profiles/{user.Id}");
        Assert.Equal(resume.ToJsonString(), profile["resume"]!.ToJsonString());
    }

    [Fact]
    public async Task Ranges_and_tags_are_honoured()
    {
        var user = TestUser.New();
        var client = host.As(user);
        var file = Documents.Pdf(100_000);
        Random.Shared.NextBytes(file.AsSpan(10, 90_000));
        await client.PutAsync("/api/profiles/me/resume", Documents.Form(file));
        using var whole = await client.GetAsync($"/api/profiles/{user.Id}/resume/file");

        using var middle = await RangeAsync(client, user, "bytes=50000-50099");
        using var end = await RangeAsync(client, user, "bytes=-10");
        using var beyond = await RangeAsync(client, user, "bytes=100000-");
        using var lines = await RangeAsync(client, user, "lines=0-3");
        using var unchanged = await client.SendAsync(
            HttpMethod.Get, $"/api/profiles/{user.Id}/resume/file", null, ("If-None-Match", whole.Headers.ETag!.ToString()));

        Assert.Equal(HttpStatusCode.PartialContent, middle.StatusCode);
        Assert.Equal(HttpStatusCode.OK, lines.StatusCode);
        Assert.Equal("bytes 50000-50099/100000", middle.Content.Headers.ContentRange?.ToString());
        Assert.Equal(file[50_000..50_100], await middle.Content.ReadAsByteArrayAsync());
        Assert.Equal(file[^10..], await end.Content.ReadAsByteArrayAsync());
        await beyond.IsProblemAsync(HttpStatusCode.RequestedRangeNotSatisfiable, "range_not_satisfiable");
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Fact]
    public async Task A_new_one_replaces_the_former_one()
    {
        var user = TestUser.New();
        var client = host.As(user);
        var first = await (await client.PutAsync("/api/profiles/me/resume", Documents.Form(Documents.Pdf()))).ReadObjectAsync();
        using var tagged = await client.GetAsync($"/api/profiles/{user.Id}/resume");

        var second = await (await client.PutAsync("/api/profiles/me/resume", Documents.Form(Documents.Docx(), "cv.docx"))).ReadObjectAsync();
        using var stale = new HttpRequestMessage(HttpMethod.Put, "/api/profiles/me/resume") { Content = Documents.Form(Documents.Pdf()) };
        stale.Headers.IfMatch.Add(tagged.Headers.ETag!);
        using var refused = await client.SendAsync(stale);
        using var download = await client.GetAsync($"/api/profiles/{user.Id}/resume/file");

        Assert.Equal((string?)first["id"], (string?)second["id"]);
        Assert.Equal(2, (int?)second["version"]);
        await refused.IsProblemAsync(HttpStatusCode.PreconditionFailed, "precondition_failed");
        Assert.Equal("application/vnd.openxmlformats-officedocument.wordprocessingml.document", download.Content.Headers.ContentType?.ToString());
        Assert.Equal(Documents.Docx().Length, (await download.Content.ReadAsByteArrayAsync()).Length);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("\"abc\"")]
    public async Task What_is_not_there_matches_no_precondition(string wanted)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/profiles/me/resume") { Content = Documents.Form(Documents.Pdf()) };
        request.Headers.TryAddWithoutValidation("If-Match", wanted);

        using var refused = await host.As(TestUser.New()).SendAsync(request);

        await refused.IsProblemAsync(HttpStatusCode.PreconditionFailed, "precondition_failed");
    }

    [Fact]
    public async Task Once_deleted_it_is_gone()
    {
        var user = TestUser.New();
        var client = host.As(user);
        await client.PutAsync("/api/profiles/me/resume", Documents.Form(Documents.Pdf()));

        using var deleted = await client.DeleteAsync("/api/profiles/me/resume");
        using var again = await client.DeleteAsync("/api/profiles/me/resume");
        using var download = await client.GetAsync($"/api/profiles/{user.Id}/resume/file");
        using var metadata = await client.GetAsync($"/api/profiles/{user.Id}/resume");

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await again.IsProblemAsync(HttpStatusCode.NotFound, "resume_not_found");
        await download.IsProblemAsync(HttpStatusCode.NotFound, "resume_not_found");
        await metadata.IsProblemAsync(HttpStatusCode.NotFound, "resume_not_found");
    }

    [Fact]
    public async Task Many_uploads_at_once_leave_one_whole_file()
    {
        var user = TestUser.New();
        var client = host.As(user);

        var answers = await Task.WhenAll(Enumerable.Range(1, 8).Select(number =>
            client.PutAsync("/api/profiles/me/resume", Documents.Form(Documents.Pdf(number * 1000)))));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        var resume = await client.GetObjectAsync($"/api/profiles/{user.Id}/resume");
        Assert.Equal(8, (int?)resume["version"]);
        using var download = await client.GetAsync($"/api/profiles/{user.Id}/resume/file");
        Assert.Equal((int?)resume["size"], (await download.Content.ReadAsByteArrayAsync()).Length);
    }

    private static Task<HttpResponseMessage> RangeAsync(HttpClient client, TestUser user, string range) =>
        client.SendAsync(HttpMethod.Get, $"/api/profiles/{user.Id}/resume/file", null, ("Range", range));
}
