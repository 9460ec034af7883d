using System.Net;
using Explaino.Testing;

namespace Explaino.ServiceDefaults.Tests;

/// <summary>Query values and ids in paths are read by the rules of bodies.</summary>
public sealed class QueryTests(SampleService service) : IClassFixture<SampleService>
{
    [Theory]
    [InlineData("q=")]
    [InlineData("q=%20")]
    [InlineData("q=%E2%80%8B")]
    [InlineData("shade=")]
    [InlineData("since=")]
    [InlineData("day=")]
    [InlineData("owner_id=")]
    [InlineData("open=")]
    public async Task An_empty_filter_is_none(string query)
    {
        var read = await service.Client.GetObjectAsync($"/api/things/found?{query}");

        Assert.All(read, member => Assert.Null(member.Value));
    }

    [Theory]
    [InlineData("shade", "light_blue")]
    [InlineData("since", "2026-01-02T03:04:05Z")]
    [InlineData("day", "2026-01-02")]
    [InlineData("owner_id", "01890a5d-ac96-774b-bcce-b302099a8057")]
    [InlineData("amount", "7")]
    [InlineData("open", "true")]
    public async Task A_value_in_the_form_of_bodies_is_read(string name, string value)
    {
        var read = await service.Client.GetObjectAsync($"/api/things/found?{name}={value}");

        Assert.Equal(value, read[name]!.ToString());
    }

    [Theory]
    [InlineData("since=01/02/2026", "since")]
    [InlineData("since=Jan%202%202026", "since")]
    [InlineData("since=12:30", "since")]
    [InlineData("since=2026-01-02", "since")]
    [InlineData("since=2026-01-02T03:04:05", "since")]
    [InlineData("day=01/02/2026", "day")]
    [InlineData("day=2026-1-2", "day")]
    [InlineData("owner_id={01890a5d-ac96-774b-bcce-b302099a8057}", "owner_id")]
    [InlineData("owner_id=01890a5dac96774bbcceb302099a8057", "owner_id")]
    [InlineData("amount=%207", "amount")]
    [InlineData("amount=%2B7", "amount")]
    [InlineData("amount=7.0", "amount")]
    [InlineData("amount=", "amount")]
    [InlineData("amount=1&amount=2", "amount")]
    [InlineData("open=TRUE", "open")]
    [InlineData("open=1", "open")]
    [InlineData("shade=LightBlue", "shade")]
    [InlineData("shade=1", "shade")]
    [InlineData("shade=green&since=yesterday&open=maybe", "shade", "since", "open")]
    public async Task A_value_in_another_form_is_refused_and_all_are_named(string query, params string[] members)
    {
        using var response = await service.Client.GetAsync($"/api/things/found?{query}");

        await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", members);
    }

    [Fact]
    public async Task Text_is_trimmed_and_has_one_form()
    {
        var read = await service.Client.GetObjectAsync("/api/things/found?q=%20cafe%CC%81%20");

        Assert.Equal("caf\u00E9", (string?)read["q"]);
    }

    [Theory]
    [InlineData("01890a5d-ac96-774b-bcce-b302099a8057", HttpStatusCode.OK)]
    [InlineData("01890A5D-AC96-774B-BCCE-B302099A8057", HttpStatusCode.OK)]
    [InlineData("{01890a5d-ac96-774b-bcce-b302099a8057}", HttpStatusCode.NotFound)]
    [InlineData("(01890a5d-ac96-774b-bcce-b302099a8057)", HttpStatusCode.NotFound)]
    [InlineData("01890a5dac96774bbcceb302099a8057", HttpStatusCode.NotFound)]
    public async Task An_id_in_a_path_has_one_form(string id, HttpStatusCode status)
    {
        using var response = await service.Client.GetAsync($"/api/things/by-id/{id}");

        Assert.Equal(status, response.StatusCode);
    }
}
