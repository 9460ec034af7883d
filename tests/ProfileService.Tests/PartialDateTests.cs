using System.Net;
using System.Net.Http.Json;
using System.Text;
using Explaino.Testing;

namespace Explaino.ProfileService.Tests;

/// <summary>Résumés often know no more than a month or a year: that is kept, and given back as said.</summary>
public sealed class PartialDateTests(ProfileHost host) : IClassFixture<ProfileHost>
{
    public static TheoryData<string, string, string, string> Members => new()
    {
        { "education", """ "institution":"i" """, "start_date", "end_date" },
        { "experience", """ "company":"c","title":"t" """, "start_date", "end_date" },
        { "internships", """ "company":"c","title":"t" """, "start_date", "end_date" },
        { "projects", """ "name":"n" """, "start_date", "end_date" },
        { "certifications", """ "name":"n" """, "issued_on", "expires_on" },
    };

    [Theory]
    [MemberData(nameof(Members))]
    public async Task A_year_a_month_and_a_day_come_back_as_said(string collection, string others, string start, string end)
    {
        var user = TestUser.New();
        var client = host.As(user);
        foreach (var (from, to) in new[] { ("2014", "2014"), ("2014-06", "2014-06"), ("2014-06-01", "2014-06-30"), ("0001", "9999"), ("2014", "2014-01-01"), ("2014-12-31", "2014") })
        {
            using var created = await client.PostAsync($"/api/profiles/me/{collection}", Json($$"""{ {{others}}, "{{start}}":"{{from}}", "{{end}}":"{{to}}" }""", $"{from}{to}"));
            var added = await created.ReadObjectAsync(HttpStatusCode.Created);
            var read = await client.GetObjectAsync(created.Headers.Location!.ToString());
            var whole = (await client.GetObjectAsync($"/api/profiles/{user.Id}"))[collection]!.AsArray()[^1]!;

            Assert.Equal((from, to), ((string?)added[start], (string?)added[end]));
            Assert.Equal((from, to), ((string?)read[start], (string?)read[end]));
            Assert.Equal((from, to), ((string?)whole[start], (string?)whole[end]));
            await client.DeleteAsync($"/api/profiles/me/{collection}/{added["id"]}");
        }
    }

    [Theory]
    [InlineData("2014-07", "2014-06", false)]
    [InlineData("2015", "2014", false)]
    [InlineData("2014-07-01", "2014-06", false)]
    [InlineData("2014-06-30", "2014-06", true)]
    [InlineData("2014-06", "2014", true)]
    [InlineData("2014-06", "2014-06-01", true)]
    public async Task A_start_is_its_first_day_and_an_end_its_last(string start, string end, bool accepted)
    {
        using var response = await host.As(TestUser.New()).PostAsJsonAsync("/api/profiles/me/projects", new { name = "n", start_date = start, end_date = end });

        if (accepted)
        {
            Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        }
        else
        {
            await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "end_date");
        }
    }

    [Theory]
    [InlineData("\"14\"")]
    [InlineData("\"2014-6\"")]
    [InlineData("\"2014-13\"")]
    [InlineData("\"2014-02-30\"")]
    [InlineData("\"2014-02-3\"")]
    [InlineData("\"06/2014\"")]
    [InlineData("\"0000\"")]
    [InlineData("\"２０１４\"")]
    [InlineData("\"\"")]
    [InlineData("2014")]
    public async Task What_is_no_date_is_refused(string date)
    {
        using var response = await host.As(TestUser.New()).PostAsync("/api/profiles/me/projects", Json($$"""{ "name":"n", "start_date":{{date}} }""", ""));

        await response.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "start_date");
    }

    /// <summary>During a rolling upgrade the version before knows the day alone.</summary>
    [Fact]
    public async Task A_day_written_by_the_version_before_counts()
    {
        var user = TestUser.New();
        var client = host.As(user);
        await client.PostAsJsonAsync("/api/profiles/me/projects", new { name = "n", start_date = "2014-06" });

        await host.ScalarAsync<object>($"UPDATE user_projects SET start_date = '2015-03-04' WHERE user_id = '{user.Id}'");

        Assert.Equal("2015-03-04", (string?)Assert.Single(await (await client.GetAsync($"/api/profiles/{user.Id}/projects")).ReadItemsAsync())["start_date"]);
        Assert.Equal("2015-03-04", (string?)(await client.GetObjectAsync($"/api/profiles/{user.Id}"))["projects"]![0]!["start_date"]);
    }

    private static StringContent Json(string text, string unique) => new(text.Replace("\"n\"", $"\"n{unique}\"", StringComparison.Ordinal), Encoding.UTF8, "application/json");
}
