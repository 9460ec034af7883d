using System.Net;

namespace Explaino.Gateway.Tests;

public sealed class CrossOriginTests(CrossOriginTests.OpenGateway gateway) : IClassFixture<CrossOriginTests.OpenGateway>
{
    private const string Origin = "https://app.explaino.example";

    [Fact]
    public async Task A_preflight_is_answered_by_the_gateway()
    {
        using var request = GatewayFixture.Get(
            "/api/jobs/preflight", ("Origin", Origin), ("Access-Control-Request-Method", "PATCH"), ("Access-Control-Request-Headers", "authorization,if-match"));
        request.Method = HttpMethod.Options;

        using var response = await gateway.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(Origin, Header(response, "Access-Control-Allow-Origin"));
        Assert.Contains("PATCH", Header(response, "Access-Control-Allow-Methods"));
        Assert.Contains("if-match", Header(response, "Access-Control-Allow-Headers"));
        Assert.DoesNotContain("OPTIONS /api/jobs/preflight", gateway["jobs"].Requests);
    }

    [Theory]
    [InlineData("/api/jobs", HttpStatusCode.OK)]
    [InlineData("/api/jobs?do=die", HttpStatusCode.ServiceUnavailable)]
    [InlineData("/api/unknown", HttpStatusCode.NotFound)]
    public async Task A_page_of_a_configured_origin_can_read_every_answer(string path, HttpStatusCode status)
    {
        using var response = await gateway.Client.SendAsync(GatewayFixture.Get(path, ("Origin", Origin)));

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(Origin, Header(response, "Access-Control-Allow-Origin"));
        Assert.Equal(
            "ETag,Location,Retry-After,Idempotency-Replayed,Content-Disposition,Content-Range,Accept-Ranges,WWW-Authenticate,Allow,Accept-Patch,RateLimit,RateLimit-Policy,Deprecation,Sunset",
            Header(response, "Access-Control-Expose-Headers"));
    }

    [Theory]
    [InlineData("/api/jobs", null)]
    [InlineData("/api/jobs", Origin)]
    [InlineData("/api/jobs", "https://evil.example")]
    [InlineData("/api/jobs?do=vary", null)]
    [InlineData("/api/unknown", null)]
    [InlineData("/openapi/jobs.json", null)]
    [InlineData("/docs/index.html", null)]
    public async Task A_cache_is_told_that_another_origin_may_get_another_answer(string path, string? origin)
    {
        using var response = await gateway.Client.SendAsync(origin is null ? GatewayFixture.Get(path) : GatewayFixture.Get(path, ("Origin", origin)));

        Assert.Single(response.Headers.Vary, field => field == "Origin");
        Assert.Equal(path.EndsWith("vary", StringComparison.Ordinal), response.Headers.Vary.Contains("Accept"));
    }

    [Fact]
    public async Task Another_origin_is_allowed_nothing()
    {
        using var response = await gateway.Client.SendAsync(GatewayFixture.Get("/api/jobs", ("Origin", "https://evil.example")));

        Assert.Null(Header(response, "Access-Control-Allow-Origin"));
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;

    public sealed class OpenGateway() : GatewayFixture(("Cors:Origins:0", Origin));
}
