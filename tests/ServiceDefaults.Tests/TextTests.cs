using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Explaino.ServiceDefaults.Text;
using Explaino.Testing;
using Npgsql;

namespace Explaino.ServiceDefaults.Tests;

/// <summary>Text has one form, and what only looks like text is none.</summary>
public sealed class TextTests(SampleService service) : IClassFixture<SampleService>
{
    public static TheoryData<int> Invisible =>
        [0x20, 0xA0, 0xAD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x180E, 0x2003, 0x200B, 0x200D, 0x200F, 0x202A, 0x2060, 0x2066, 0x2800, 0x3000, 0x3164, 0xFE0F, 0xFEFF, 0xFFA0, 0xE0001, 0xE0100];

    [Theory]
    [MemberData(nameof(Invisible))]
    public async Task Text_that_only_looks_empty_is_not_text(int character)
    {
        var blank = $" {char.ConvertFromUtf32(character)}{char.ConvertFromUtf32(character)} ";
        using var required = await SendAsync(HttpMethod.Post, "/api/things", new() { ["first_name"] = blank });
        using var optional = await SendAsync(HttpMethod.Post, "/api/things", new() { ["first_name"] = "Ada", ["long_text"] = blank, ["home_page"] = blank });
        using var patched = await SendAsync(HttpMethod.Patch, "/api/things/1", new() { ["long_text"] = blank });

        await required.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "first_name");
        var thing = await optional.ReadObjectAsync(HttpStatusCode.Created);
        Assert.Null(thing["long_text"]);
        Assert.Null(thing["home_page"]);
        Assert.Null((await patched.ReadObjectAsync())["long_text"]);
    }

    [Theory]
    [InlineData('\u202A')]
    [InlineData('\u202B')]
    [InlineData('\u202C')]
    [InlineData('\u202D')]
    [InlineData('\u202E')]
    [InlineData('\u2066')]
    [InlineData('\u2067')]
    [InlineData('\u2068')]
    [InlineData('\u2069')]
    public async Task Direction_is_not_changed_in_one_line_of_text(char control)
    {
        using var line = await SendAsync(HttpMethod.Post, "/api/things", new() { ["first_name"] = $"a{control}b" });
        using var text = await SendAsync(HttpMethod.Post, "/api/things", new() { ["first_name"] = "Ada", ["long_text"] = $"a{control}b" });

        await line.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "first_name");
        Assert.Equal($"a{control}b", (string?)(await text.ReadObjectAsync(HttpStatusCode.Created))["long_text"]);
    }

    [Theory]
    [InlineData("cafe\u0301", "caf\u00E9")]
    [InlineData("\u1100\u1161\u11A8", "\uAC01")]
    [InlineData("a\u0323\u0307", "\u1EA1\u0307")]
    [InlineData("\u212B", "\u00C5")]
    [InlineData("\u06CC\u200C\u06A9", "\u06CC\u200C\u06A9")]
    public async Task Text_is_in_NFC_before_its_length_counts(string sent, string kept)
    {
        using var created = await SendAsync(HttpMethod.Post, "/api/things", new() { ["first_name"] = "eeeee" + sent });
        using var patched = await SendAsync(HttpMethod.Patch, "/api/things/1", new() { ["first_name"] = "eeeee" + sent });

        Assert.Equal("eeeee" + kept, (string?)(await created.ReadObjectAsync(HttpStatusCode.Created))["first_name"]);
        Assert.Equal("eeeee" + kept, (string?)(await patched.ReadObjectAsync())["first_name"]);
    }

    [Fact]
    public async Task NFC_is_what_PostgreSQL_says_of_every_character_and_of_any_sequence()
    {
        var random = new Random(20261126);
        int[] marks = [.. Enumerable.Range(0x300, 0x70), 0x0345, 0x093C, 0x09BE, 0x0B3E, 0x1161, 0x11A8, 0x3099, 0x1D165, 0x1D16E, 0x110BA];
        int[] letters = [.. Enumerable.Range('A', 58), .. Enumerable.Range(0xC0, 0x100), 0x0928, 0x09C7, 0x1100, 0xAC00, 0x0B47, 0x3046, 0x1D158, 0x11099];
        string[] texts =
        [
            .. Enumerable.Range(1, 0x2FFFF).Where(character => character is < 0xD800 or > 0xDFFF).Chunk(500).Select(chunk => string.Join(' ', chunk.Select(char.ConvertFromUtf32))),
            .. Enumerable.Range(0, 20_000).Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 7)).Select(place =>
                char.ConvertFromUtf32(place == 0 || random.Next(4) == 0 ? letters[random.Next(letters.Length)] : marks[random.Next(marks.Length)])))),
        ];

        await using var connection = new NpgsqlConnection((await PostgresServer.SharedAsync()).ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT array(SELECT normalize(text, NFC) FROM unnest($1) WITH ORDINALITY AS t (text, n) ORDER BY n)", connection);
        command.Parameters.Add(new() { Value = texts });
        var expected = (string[])(await command.ExecuteScalarAsync())!;

        Assert.Equal(expected, texts.Select(Nfc.Of));
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, JsonObject body) =>
        service.Client.SendAsync(new HttpRequestMessage(method, path) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") });
}
