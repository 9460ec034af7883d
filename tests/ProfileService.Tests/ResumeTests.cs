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
        { "a PDF after too much else", [.. new byte[1025], .. Documents.Pdf()] },
        { "a PDF before too much else", [.. Documents.Pdf(), .. new byte[1025]] },
        { "another zip", Documents.Zip("word/document.xml") },
        { "a spreadsheet", Documents.Zip("[Content_Types].xml", "xl/workbook.xml") },
        { "a DOCX cut off", Documents.Docx()[..^30] },
        { "a zip that lies about its directory", Lying() },
        { "a document with macros", Documents.Docx("application/vnd.ms-word.document.macroEnabled.main+xml") },
        { "a template", Documents.Docx("application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml") },
        { "a workbook at a document's place", Documents.Docx("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml") },
        { "a zip with two right names", Documents.Zip("[Content_Types].xml", "_rels/.rels", "word/document.xml") },
        { "a document whose main part has no type of its own", Documents.Docx(typed: "word/other.xml") },
        { "a document with an entity", Documents.Zip(("[Content_Types].xml", "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"), ("_rels/.rels", "<x/>"), ("word/document.xml", "<x/>")) },
        { "a document that unpacks to much", Documents.Zip(("[Content_Types].xml", $"<x>{new string(' ', 50_000_000)}</x>"), ("_rels/.rels", $"<x>{new string(' ', 50_000_000)}</x>")) },
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

    public static TheoryData<string, byte[], string> Resumes => new()
    {
        { "a PDF after a little else", [.. new byte[1024], .. Documents.Pdf()], "application/pdf" },
        { "a PDF before a little else", [.. Documents.Pdf()[..^1], .. new byte[1024]], "application/pdf" },
        { "a document", Documents.Docx(), Word },
        { "a document whose main part has another name", Documents.Docx(mainPart: "word/document2.xml"), Word },
        { "a document whose main part is named from the root", Documents.Docx(mainPart: "/word/document.xml", typed: "word/document.xml"), Word },
        { "a document with names in another case", Documents.Docx(typed: "Word/Document.XML"), Word },
        { "a strict document", Documents.Docx(strict: true), Word },
    };

    private const string Word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

    [Theory]
    [MemberData(nameof(Resumes))]
    public async Task What_readers_open_is_accepted(string what, byte[] content, string type)
    {
        using var response = await host.As(TestUser.New()).PutAsync("/api/profiles/me/resume", Documents.Form(content, what));

        Assert.Equal(type, (string?)(await response.ReadObjectAsync())["content_type"]);
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
    [InlineData("../../etc/passwd", "passwd.pdf")]
    [InlineData(@"C:\Users\me\cv.pdf", "cv.pdf")]
    [InlineData("a\u202Efdp.exe", "afdp.exe.pdf")]
    [InlineData("cv.hta", "cv.hta.pdf")]
    [InlineData("page.html", "page.html.pdf")]
    [InlineData("CV.PDF", "CV.pdf")]
    [InlineData("می\u200Cخواهم.pdf", "می\u200Cخواهم.pdf")]
    [InlineData("\u2066cv\u2069\u200F.pdf", "cv.pdf")]
    [InlineData("..", "...pdf")]
    [InlineData(".pdf", "resume.pdf")]
    [InlineData("", "resume.pdf")]
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

    [Theory]
    [InlineData("a", 300)]
    [InlineData("👩‍💻", 100)]
    [InlineData("e\u0301", 200)]
    public async Task A_long_name_is_shortened_between_characters_and_keeps_its_extension(string character, int times)
    {
        var name = string.Concat(Enumerable.Repeat(character, times));

        var resume = await (await host.As(TestUser.New()).PutAsync("/api/profiles/me/resume", Documents.Form(Documents.Pdf(), $"{name}.pdf"))).ReadObjectAsync();

        Assert.Equal($"{name[..(251 / character.Length * character.Length)]}.pdf", (string?)resume["file_name"]);
    }

    /// <summary>Browsers do not escape backslashes, which stand for themselves in a name from Windows.</summary>
    [Fact]
    public async Task A_path_as_a_browser_sends_it_is_its_last_segment()
    {
        using var form = new ByteArrayContent([.. "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"C:\\Users\\x\\cv.pdf\"\r\n\r\n"u8, .. Documents.Pdf(), .. "\r\n--b--\r\n"u8]);
        form.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");

        var resume = await (await host.As(TestUser.New()).PutAsync("/api/profiles/me/resume", form)).ReadObjectAsync();

        Assert.Equal("cv.pdf", (string?)resume["file_name"]);
    }

    private static byte[] Lying()
    {
        var zip = Documents.Docx();
        // The offset of the directory, in the record that ends the file.
        zip.AsSpan(zip.Length - 6, 4).Fill(0xFF);
        return zip;
    }
}
