using System.Net;
using System.Text;
using Explaino.Testing;

namespace Explaino.ServiceDefaults.Tests;

/// <summary>A guard that cannot be read lets nothing through.</summary>
public sealed class PreconditionTests(SampleService service) : IClassFixture<SampleService>
{
    public static TheoryData<string, string, string> Unreadable
    {
        get
        {
            var rows = new TheoryData<string, string, string>();
            foreach (var method in new[] { "PUT", "PATCH", "DELETE" })
            {
                foreach (var header in new[] { "If-Match", "If-None-Match" })
                {
                    foreach (var value in new[] { "stale", "\"stale", "", ",", "'x'", "W/x", "\"a\" \"b\"", "*, \"a\"" })
                    {
                        rows.Add(method, header, value);
                    }
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task A_write_on_a_condition_that_cannot_be_read_is_not_done(string method, string header, string value)
    {
        using var response = await SendAsync(method, header, value);

        Assert.Contains(header, (string?)(await response.IsProblemAsync(HttpStatusCode.BadRequest, "malformed_request"))["detail"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    public async Task A_write_only_if_there_is_nothing_yet_changes_nothing_that_is_there(string method)
    {
        using var response = await SendAsync(method, "If-None-Match", "*");

        await response.IsProblemAsync(HttpStatusCode.PreconditionFailed, "precondition_failed");
    }

    [Fact]
    public async Task A_part_of_a_thing_cannot_be_written()
    {
        using var response = await SendAsync("PUT", "Content-Range", "bytes 0-3/10");

        await response.IsProblemAsync(HttpStatusCode.BadRequest, "malformed_request");
    }

    [Theory]
    [InlineData("stale")]
    [InlineData("")]
    public async Task A_read_on_a_condition_that_cannot_be_read_is_answered_in_full(string value)
    {
        using var response = await SendAsync("GET", "If-None-Match", value);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private Task<HttpResponseMessage> SendAsync(string method, string header, string value)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), "/api/things/1");
        request.Content = method == "GET" ? null : new StringContent("""{"first_name":"Eve"}""", Encoding.UTF8, "application/json");
        Assert.True(request.Headers.TryAddWithoutValidation(header, value) || request.Content!.Headers.TryAddWithoutValidation(header, value));
        return service.Client.SendAsync(request);
    }
}
