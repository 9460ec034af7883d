using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Explaino.ProfileService.Collections;
using Explaino.ProfileService.Profiles;
using Explaino.ServiceDefaults.Json;
using Explaino.ServiceDefaults.Validation;
using Explaino.Testing;
using FsCheck;
using FsCheck.Fluent;
using Json.Schema;

namespace Explaino.ProfileService.Tests;

/// <summary>Whatever a profile holds, its export is valid by the published schema (json-resume.schema.json, of npm's @jsonresume/schema 1.3.1, MIT).</summary>
public sealed partial class JsonResumeTests
{
    private static readonly JsonSerializerOptions Wire = JsonConventions.Apply(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    private static readonly Gen<string> Text = Gen.Elements("x", "Müller & Söhne", "5 < 6", "\"q\"", "a\nb", "上海", "👩‍💻", "", " ", "null", "-");

    private static readonly Gen<string> Url =
        from start in Gen.Elements("https://example.org", "http://müller.example", "https://example.org:8443", "https://[::1]", "HTTPS://EXAMPLE.ORG", "https://a_b.example", "https://例え.テスト")
        from path in Gen.Elements("", "/", "/a b", "/ü", "/<x>", "/a|b^c{d}`e", "/a\\b", "/%zz", "/%41%", "/[x]", "/a\"b", "/👩‍💻", "/a%20b;c=d,e")
        from rest in Gen.Elements("", "?q=ü&r=[1]", "?{}|^", "#frag[ment]", "?a#b#c", "?%", "#%zz<>")
        let url = start + path + rest
        where HttpUrlAttribute.Refuse(url) is null
        select url;

    private static readonly Gen<string?> Date = Gen.Elements<string?>(null, "0001", "0999-12", "1000-01-01", "2014", "2014-06", "2014-06-29", "2999-12-31", "3000", "9999-12-31");

    private static readonly Gen<ProfileResponse> Profiles =
        from texts in Maybe(Text).ArrayOf(14)
        from urls in Maybe(Url).ArrayOf(7)
        from dates in Date.ArrayOf(8)
        select new ProfileResponse
        {
            Id = Guid.Empty,
            Username = texts[0],
            FirstName = texts[1],
            LastName = texts[2],
            Bio = texts[3],
            ProfileImage = urls[0],
            About = texts[4],
            Headline = texts[5],
            Location = texts[6],
            CurrentCompany = texts[7],
            CurrentRole = texts[8],
            LinkedinUrl = urls[1],
            GithubUrl = urls[2],
            PortfolioUrl = urls[3],
            Certificates = [new(Guid.Empty, Guid.Empty, "t", "i", DateOnly.MaxValue, urls[4] ?? "https://x.example", default, default)],
            Certifications = [new(Guid.Empty, "n", texts[9], Partial(dates[0]), Partial(dates[1]), urls[5])],
            Education = [new(Guid.Empty, "i", texts[10], texts[11], Partial(dates[2]), Partial(dates[3]), texts[12])],
            Experience = [new(Guid.Empty, "c", "t", texts[13], Partial(dates[4]), Partial(dates[5]), texts[0])],
            Internships = [new(Guid.Empty, "c", "t", texts[1], Partial(dates[5]), Partial(dates[6]), texts[2])],
            Projects = [new(Guid.Empty, "n", texts[3], urls[6], Partial(dates[6]), Partial(dates[7]))],
            Skills = [new(Guid.Empty, "s")],
        };

    [Fact]
    public void Whatever_a_profile_holds_its_resume_is_valid()
    {
        var schema = JsonSchema.FromText(File.ReadAllText(Repository.PathTo("tests", "ProfileService.Tests", "json-resume.schema.json")));
        var options = new EvaluationOptions { RequireFormatValidation = true, OutputFormat = OutputFormat.List };

        foreach (var profile in Profiles.Sample(size: 10, numberOfSamples: Scale.Of(test: 1_000, shortRun: 10_000, longRun: 10_000)))
        {
            var document = JsonSerializer.SerializeToNode(JsonResume.From(profile), Wire)!;

            Assert.True(schema.Evaluate(document, options).IsValid, document.ToJsonString());
            Assert.All(Values(document, "url").Concat(Values(document, "image")), url => Assert.Matches(Rfc3986(), url));
            Assert.DoesNotContain(Leaves(document), string.IsNullOrWhiteSpace);
        }
    }

    [Fact]
    public void Nothing_that_the_schema_can_say_is_lost()
    {
        var document = JsonSerializer.SerializeToNode(
            JsonResume.From(new ProfileResponse
            {
                Id = Guid.Empty,
                Username = "ada1815",
                FirstName = "Ada",
                Bio = "Bio",
                About = "About",
                Headline = "Headline",
                CurrentCompany = "Now Ltd",
                CurrentRole = "Role",
                Education = [new(Guid.Empty, "Home", null, null, Partial("2014"), Partial("2014-06"), "Taught by tutors")],
                Internships = [new(Guid.Empty, "Babbage", "Intern", null, null, null, null)],
                Certifications = [new(Guid.Empty, "CKA", null, Partial("2020-01-01"), Partial("2023"), "https://müller.example/ü")],
            }),
            Wire)!;

        string[] expected =
        [
            "Ada", "Headline", "About\n\nBio", "Explaino", "ada1815", "Now Ltd", "Role", "Babbage", "Intern", "internship", "Home", "2014", "2014-06",
            "Taught by tutors", "CKA", "2020-01-01", "2023", "https://xn--mller-kva.example/%C3%BC",
        ];
        Assert.Empty(expected.Except(Leaves(document)));
    }

    private static PartialDate? Partial(string? text) => PartialDate.TryParse(text, out var date) ? date : null;

    private static Gen<T?> Maybe<T>(Gen<T> gen) where T : class => Gen.Frequency((1, Gen.Constant<T?>(null)), (4, gen.Select(value => (T?)value)));

    private static IEnumerable<string> Values(JsonNode? node, string name) => node switch
    {
        JsonObject members => members.SelectMany(member => member.Key == name ? [(string)member.Value!] : Values(member.Value, name)),
        JsonArray items => items.SelectMany(item => Values(item, name)),
        _ => [],
    };

    private static IEnumerable<string> Leaves(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Leaves(member.Value)),
        JsonArray items => items.SelectMany(Leaves),
        JsonValue value => [value.GetValue<string>()],
        _ => [],
    };

    [GeneratedRegex("""^https?://(\[[0-9a-f:.]+\]|([\w.~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+)(:[0-9]+)?(/([\w.~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*)?(\?([\w.~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?(#([\w.~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?$""", RegexOptions.ECMAScript)]
    private static partial Regex Rfc3986();
}
