using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Explaino.Testing;

namespace Explaino.ServiceDefaults.Tests;

/// <summary>JSON Merge Patch, entity tags and cursors.</summary>
public sealed class PatchAndPreconditionTests(SampleService service) : IClassFixture<SampleService>
{
    [Theory]
    [InlineData("application/json")]
    [InlineData("application/merge-patch+json")]
    public async Task Absent_leaves_and_null_clears(string mediaType)
    {
        using var response = await Patch("""{"long_text":null,"amount":5}""", mediaType);

        var thing = await response.ReadObjectAsync();
        Assert.Equal("Ada", (string?)thing["first_name"]);
        Assert.Null(thing["long_text"]);
        Assert.Equal(5, (int?)thing["amount"]);
    }

    [Fact]
    public async Task Null_for_a_required_member_and_every_other_failure_are_refused_together()
    {
        using var response = await Patch("""{"first_name":null,"amount":77}""");

        await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "first_name", "amount");
    }

    [Theory]
    [InlineData("""{"amount":"5"}""", "amount")]
    [InlineData("""{"first_name":{"a":1}}""", "first_name")]
    public async Task A_wrong_type_in_a_patch_is_named(string body, string member)
    {
        using var response = await Patch(body);

        await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", member);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("3")]
    [InlineData("""{"amount":5,"amount":6}""")]
    [InlineData("""{"unknown":[{"amount":5,"amount":6}]}""")]
    public async Task A_patch_is_an_object_that_names_nothing_twice(string body)
    {
        using var response = await Patch(body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task A_known_entity_tag_gives_304_and_guards_a_change()
    {
        using var first = await service.Client.GetAsync("/api/things/1");
        var tag = first.Headers.ETag!;

        Assert.Equal(HttpStatusCode.NotModified, await Get("If-None-Match", tag.ToString()));
        Assert.Equal(HttpStatusCode.OK, await Get("If-None-Match", "\"other\""));
        Assert.Equal(HttpStatusCode.OK, await Put(tag.ToString()));
        Assert.Equal(HttpStatusCode.OK, await Put("*"));
        Assert.Equal(HttpStatusCode.PreconditionFailed, await Put("\"other\""));
        Assert.Equal(HttpStatusCode.PreconditionFailed, await Put($"W/{tag}"));
    }

    [Fact]
    public async Task Pages_follow_each_other_to_the_end()
    {
        var first = await service.Client.GetObjectAsync("/api/things?limit=30");
        var second = await service.Client.GetObjectAsync($"/api/things?limit=30&cursor={first["next_cursor"]}");

        Assert.Equal(Enumerable.Range(31, 20), second["items"]!.AsArray().Select(item => (int)item!));
        Assert.Null(second["next_cursor"]);
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("limit=many", "limit")]
    [InlineData("limit=", "limit")]
    [InlineData("cursor=nonsense", "cursor")]
    [InlineData("cursor=%00", "cursor")]
    [InlineData("q=123456", "q")]
    [InlineData("q=%00", "q")]
    public async Task A_bad_query_is_named(string query, string member)
    {
        using var response = await service.Client.GetAsync($"/api/things?{query}");

        await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", member);
    }

    [Fact]
    public async Task A_cursor_belongs_to_its_list()
    {
        var other = await service.Client.GetObjectAsync("/api/things?q=a");
        using var response = await service.Client.GetAsync($"/api/things?q=b&cursor={other["next_cursor"]}");

        await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "cursor");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"Last":"x"}""")]
    [InlineData("""{"Last":1,"More":"\u0000"}""")]
    public async Task A_forged_cursor_is_refused_though_its_checksum_is_right(string payload)
    {
        var key = Encoding.UTF8.GetBytes(payload);
        var checksum = SHA256.HashData([.. "things b"u8, 0, .. key])[..8];

        using var response = await service.Client.GetAsync($"/api/things?q=b&cursor={Base64Url.EncodeToString([.. checksum, .. key])}");

        await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "cursor");
    }

    private Task<HttpResponseMessage> Patch(string body, string mediaType = "application/json") =>
        service.Client.PatchAsync("/api/things/1", new StringContent(body, Encoding.UTF8, mediaType));

    private async Task<HttpStatusCode> Get(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/things/1");
        request.Headers.TryAddWithoutValidation(header, value);
        using var response = await service.Client.SendAsync(request);
        return response.StatusCode;
    }

    private async Task<HttpStatusCode> Put(string tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/things/1")
        {
            Content = new StringContent("""{"first_name":"Eve"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("If-Match", tag);
        using var response = await service.Client.SendAsync(request);
        return response.StatusCode;
    }
}
