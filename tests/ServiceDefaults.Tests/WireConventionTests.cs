using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.ServiceDefaults.Tests;

/// <summary>The wire conventions (docs/contract.md#1-conventions), as every service inherits them.</summary>
public sealed class WireConventionTests(SampleService service) : IClassFixture<SampleService>
{
    [Fact]
    public async Task Members_are_snake_case_text_is_trimmed_and_times_are_utc()
    {
        var thing = await Read("""{"first_name":"  Ada ","long_text":"a\r\nb\t","shade":"light_blue","at":"2026-01-02T03:04:05.1234567+01:00","unknown":1}""");

        Assert.Equal("Ada", (string?)thing["first_name"]);
        Assert.Equal("a\nb", (string?)thing["long_text"]);
        Assert.Equal("light_blue", (string?)thing["shade"]);
        Assert.Equal("2026-01-02T02:04:05.123456Z", (string?)thing["at"]);
    }

    [Fact]
    public async Task All_failures_are_named_at_once_by_their_wire_names()
    {
        using var response = await Post("""{"first_name":" ","long_text":"123456789012345678901","home_page":"ftp://x","amount":10,"parts":[{"part_name":"ok"},{"part_name":"long"}]}""");

        var problem = await response.IsProblemAsync(
            HttpStatusCode.BadRequest, "validation_failed", "first_name", "long_text", "home_page", "amount", "parts[1].part_name");
        Assert.DoesNotContain("FirstName", problem.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"first_name":1}""", "first_name")]
    [InlineData("""{"first_name":"Ada","amount":"3"}""", "amount")]
    [InlineData("""{"first_name":"Ada","amount":3.5}""", "amount")]
    [InlineData("""{"first_name":"Ada","amount":99999999999999999999}""", "amount")]
    [InlineData("""{"first_name":"Ada","shade":"green"}""", "shade")]
    [InlineData("""{"first_name":"Ada","shade":0}""", "shade")]
    [InlineData("""{"first_name":"Ada","at":"2026-01-02T03:04:05"}""", "at")]
    [InlineData("""{"first_name":"Ada","at":"yesterday"}""", "at")]
    [InlineData("""{"first_name":"Ada","parts":{}}""", "parts")]
    [InlineData("""{"first_name":"Ada","parts":[{"part_name":[]}]}""", "parts[0].part_name")]
    public async Task A_wrong_type_is_named(string body, string member)
    {
        using var response = await Post(body);

        await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", member);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{\"first_name\":\"Ada\",}")]
    [InlineData("{\"first_name\":\"Ada\"}{}")]
    public async Task A_body_that_is_no_such_object_is_malformed(string body)
    {
        using var response = await Post(body);

        await response.IsProblemAsync(HttpStatusCode.BadRequest, "malformed_request");
    }

    [Theory]
    [InlineData("{\"first_name\":\"a\\u0000b\"}", "first_name")]
    [InlineData("{\"first_name\":\"a\\nb\"}", "first_name")]
    [InlineData("{\"first_name\":\"a\\u0085b\"}", "first_name")]
    [InlineData("{\"first_name\":\"Ada\",\"long_text\":\"a\\u0007b\"}", "long_text")]
    [InlineData("{\"first_name\":\"Ada\",\"long_text\":\"a\\rb\"}", "long_text")]
    [InlineData("{\"first_name\":\"\\ud800\"}", "first_name")]
    public async Task Control_characters_and_broken_text_are_refused(string body, string member)
    {
        using var response = await Post(body);

        await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", member);
    }

    [Theory]
    [InlineData("http://user:password@example.org/")]
    [InlineData("http://")]
    [InlineData("//example.org")]
    [InlineData("javascript:alert(1)")]
    [InlineData("http://exa mple.org")]
    public async Task Only_plain_http_addresses_are_addresses(string url)
    {
        using var response = await Post(new JsonObject { ["first_name"] = "Ada", ["home_page"] = url }.ToJsonString());

        await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "home_page");
    }

    [Fact]
    public async Task The_same_member_twice_is_refused()
    {
        using var response = await Post("""{"first_name":"Ada","first_name":"Eve"}""");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Deep_nesting_is_refused_not_followed()
    {
        using var response = await Post($$"""{"first_name":"Ada","unknown":{{new string('[', 10_000)}}{{new string(']', 10_000)}}}""");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task More_than_a_mebibyte_is_too_large()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/things")
        {
            Content = new StringContent($$"""{"first_name":"Ada","unknown":"{{new string('x', 1024 * 1024)}}"}""", Encoding.UTF8, "application/json"),
        };

        // The body must not be under way when the connection is closed.
        request.Headers.ExpectContinue = true;
        using var response = await service.Client.SendAsync(request);

        await response.IsProblemAsync(HttpStatusCode.RequestEntityTooLarge, "payload_too_large");
    }

    [Fact]
    public async Task Another_media_type_is_not_accepted()
    {
        using var response = await service.Client.PostAsync("/api/things", new StringContent("first_name=Ada", Encoding.UTF8, "application/x-www-form-urlencoded"));

        await response.IsProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("nothing-known")]
    public async Task JSON_in_another_encoding_is_not_accepted(string charset)
    {
        using var content = new ByteArrayContent("""{"first_name":"Ada"}"""u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", $"application/json; charset={charset}");

        using var response = await service.Client.PostAsync("/api/things", content);

        await response.IsProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Fact]
    public async Task A_problem_is_a_problem_whatever_the_client_accepts()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/none");
        request.Headers.Accept.ParseAdd("text/html");
        using var response = await service.Client.SendAsync(request);

        await response.IsProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task What_breaks_inside_tells_nothing()
    {
        using var response = await service.Client.GetAsync("/api/things/broken");

        var problem = await response.IsProblemAsync(HttpStatusCode.InternalServerError, "internal_error");
        Assert.DoesNotContain("secret", problem.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dependency_that_is_away_is_503_with_a_time_to_retry()
    {
        using var response = await service.Client.GetAsync("/api/things/away");

        var problem = await response.IsProblemAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter?.Delta);
        Assert.DoesNotContain("secret", problem.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/things/1/")]
    [InlineData("/api/things/1")]
    public async Task A_trailing_slash_means_nothing(string path) =>
        Assert.Equal("Ada", (string?)(await service.Client.GetObjectAsync(path))["first_name"]);

    [Fact]
    public async Task Every_answer_is_harmless_in_a_browser()
    {
        using var response = await service.Client.GetAsync("/api/things");

        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.Contains("default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("Server"));
    }

    private async Task<JsonObject> Read(string body)
    {
        using var response = await Post(body);
        return await response.ReadObjectAsync(HttpStatusCode.Created);
    }

    private Task<HttpResponseMessage> Post(string body) =>
        service.Client.PostAsync("/api/things", new StringContent(body, Encoding.UTF8, "application/json"));
}
