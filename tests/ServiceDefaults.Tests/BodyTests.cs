using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.ServiceDefaults.Tests;

/// <summary>What a body may claim to be, and how much of what is wrong with it is told.</summary>
public sealed class BodyTests(SampleService service) : IClassFixture<SampleService>
{
    [Theory]
    [InlineData("application/json; charset=\"utf-8\"")]
    [InlineData("application/json;charset=\"UTF-8\"")]
    [InlineData("application/json; charset=UTF-8; version=1")]
    [InlineData("Application/JSON")]
    public async Task JSON_in_UTF_8_is_read_however_that_is_written(string type)
    {
        using var response = await SendAsync(HttpMethod.Post, "/api/things", """{"first_name":"Ada"}""", type);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    [Theory]
    [InlineData("application/json-patch+json")]
    [InlineData("application/ld+json")]
    [InlineData("application/vnd.api+json; charset=utf-8")]
    [InlineData("application/problem+json")]
    [InlineData("text/json")]
    public async Task A_patch_of_another_kind_is_refused_and_told_which_are_taken(string type)
    {
        using var response = await SendAsync(HttpMethod.Patch, "/api/things/1", """{"amount":5}""", type);

        var problem = await response.IsProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        Assert.Equal("application/merge-patch+json, application/json", string.Join(", ", response.Headers.GetValues("Accept-Patch")));
        Assert.Contains("application/merge-patch+json", (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "/api/things", "application/merge-patch+json")]
    [InlineData("POST", "/api/things", "application/ld+json")]
    [InlineData("PUT", "/api/things/1", "application/merge-patch+json")]
    public async Task Only_a_patch_is_a_patch(string method, string path, string type)
    {
        using var response = await SendAsync(new HttpMethod(method), path, """{"first_name":"Ada"}""", type);

        await response.IsProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Fact]
    public async Task A_compressed_body_is_refused_not_misread()
    {
        using var content = new StringContent("""{"first_name":"Ada"}""", Encoding.UTF8, "application/json");
        content.Headers.ContentEncoding.Add("gzip");

        using var response = await service.Client.PostAsync("/api/things", content);

        await response.IsProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Theory]
    [InlineData("LightBlue")]
    [InlineData("LIGHT_BLUE")]
    [InlineData("lightblue")]
    [InlineData(" light_blue")]
    [InlineData("light_blue, dark_blue")]
    [InlineData("1")]
    [InlineData("")]
    public async Task A_word_is_one_of_the_contract_exactly(string word)
    {
        using var response = await SendAsync(HttpMethod.Post, "/api/things", new JsonObject { ["first_name"] = "Ada", ["shade"] = word }.ToJsonString());

        var problem = await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "shade");
        Assert.Contains("dark_blue, light_blue", problem["errors"]!["shade"]![0]!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "/api/things")]
    [InlineData("PUT", "/api/things/1")]
    [InlineData("PATCH", "/api/things/1")]
    public async Task What_cannot_be_read_hides_nothing_else_that_is_wrong(string method, string path)
    {
        using var response = await SendAsync(
            new HttpMethod(method),
            path,
            """{"first_name":null,"long_text":7,"home_page":"ftp://x","amount":77,"shade":"green","at":"yesterday","parts":[{"part_name":"long"},{"part_name":[]}]}""");

        await response.IsProblemAsync(
            HttpStatusCode.BadRequest, "validation_failed", "first_name", "long_text", "home_page", "amount", "shade", "at", "parts[0].part_name", "parts[1].part_name");
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string body, string type = "application/json")
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return service.Client.SendAsync(new HttpRequestMessage(method, path) { Content = content });
    }
}
