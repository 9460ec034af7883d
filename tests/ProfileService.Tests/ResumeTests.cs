using System.Net;
using System.Net.Http.Json;
using Explaino.Testing;

namespace Explaino.ProfileService.Tests;

public sealed class ResumeTests(ProfileHost host) : ResumeScenarios(host), IClassFixture<ProfileHost>
{
    public static TheoryData<string, byte[]> NoResumes => new()
    {
        { "text", "Just text"u8.ToArray() },
        { "nothing", [] },
        { "a PDF cut off", Documents.Pdf(2000)[..1500] },
        { "a PDF after something else", [.. "GIF89a"u8, .. Documents.Pdf()] },
        { "another zip", Documents.Zip("word/document.xml") },
        { "a spreadsheet", Documents.Zip("[Content_Types].xml", "xl/workbook.xml") },
        { "a DOCX cut off", Documents.Docx()[..^30] },
        { "a zip that lies about its directory", Lying() },
    };

    [Theory]
    [MemberData(nameof(NoResumes))]
    public async Task Its_content_decides_whether_it_is_one(string what, byte[] content)
    {
        var before = host.Files.Count;

        using var response = await host.As(TestUser.New()).PutAsync("/api/profiles/me/resume", Documents.Form(content, $"{what}.pdf"));

        await response.IsProblemAsync(HttpStatusCode.UnsupportedMediaType, "resume_format_not_accepted");
        Assert.True(host.Files.Count <= before, "Nothing of it is kept.");
    }

    [Fact]
    public async Task Five_mebibytes_are_accepted_and_one_byte_more_is_not()
    {
        var client = host.As(TestUser.New());

        using var largest = await client.PutAsync("/api/profiles/me/resume", Documents.Form(Documents.Pdf(5 * 1024 * 1024)));
        using var larger = await client.PutAsync("/api/profiles/me/resume", Documents.Form(Documents.Pdf((5 * 1024 * 1024) + 1)));
        // Asks before it sends: the connection of one that does not is cut.
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/profiles/me/resume") { Content = Documents.Form(Documents.Pdf(5_400_000)) };
        request.Headers.ExpectContinue = true;
        using var huge = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, largest.StatusCode);
        await larger.IsProblemAsync(HttpStatusCode.RequestEntityTooLarge, "payload_too_large");
        await huge.IsProblemAsync(HttpStatusCode.RequestEntityTooLarge, "payload_too_large");
    }

    [Fact]
    public async Task The_body_must_be_a_form_with_one_file()
    {
        var client = host.As(TestUser.New());
        using var two = Documents.Form(Documents.Pdf());
        two.Add(new StringContent("x"), "note");
        using var cut = new StringContent("--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n%PDF-");
        cut.Headers.Remove("Content-Type");
        cut.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");

        using var json = await client.PutAsJsonAsync("/api/profiles/me/resume", new { });
        using var empty = await client.PutAsync("/api/profiles/me/resume", new MultipartFormDataContent());
        using var misnamed = await client.PutAsync("/api/profiles/me/resume", Documents.Form(Documents.Pdf(), part: "document"));
        using var twoParts = await client.PutAsync("/api/profiles/me/resume", two);
        using var cutOff = await client.PutAsync("/api/profiles/me/resume", cut);

        await json.IsProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        await empty.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "file");
        await misnamed.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "file");
        await twoParts.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "file");
        await cutOff.IsProblemAsync(HttpStatusCode.BadRequest, "malformed_request");
    }

    [Theory]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData(@"C:\Users\me\cv.docx", "cv.docx")]
    [InlineData("a\u202Efdp.exe", "afdp.exe")]
    [InlineData("..", "..")]
    [InlineData(null, "resume.pdf")]
    [InlineData("x\"; evil=\"y.pdf", "x\"; evil=\"y.pdf")]
    public async Task A_file_name_is_only_shown(string? sent, string shown)
    {
        var user = TestUser.New();
        var client = host.As(user);

        var resume = await (await client.PutAsync("/api/profiles/me/resume", Documents.Form(Documents.Pdf(), sent))).ReadObjectAsync();
        using var download = await client.GetAsync($"/api/profiles/{user.Id}/resume/file");

        Assert.Equal(shown, (string?)resume["file_name"]);
        Assert.Equal(shown, download.Content.Headers.ContentDisposition?.FileNameStar);
        Assert.All(host.Files, file => Assert.True(Guid.TryParseExact(Path.GetFileName(file), "n", out _), file));
    }

    private static byte[] Lying()
    {
        var zip = Documents.Docx();
        // The offset of the directory, in the record that ends the file.
        zip.AsSpan(zip.Length - 6, 4).Fill(0xFF);
        return zip;
    }
}
