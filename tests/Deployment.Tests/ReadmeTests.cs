using System.Text.RegularExpressions;

namespace Explaino.Deployment.Tests;

/// <summary>Each service's README tells its team what it owns, and cannot fall behind the code unnoticed.</summary>
public sealed partial class ReadmeTests
{
    public static TheoryData<string> Projects { get; } = [.. Service.All.Select(service => service.Project)];

    [Theory]
    [MemberData(nameof(Projects))]
    public async Task Names_owner_version_pipeline_and_every_table_event_and_metric(string project)
    {
        var service = Service.All.Single(service => service.Project == project);
        var readme = await File.ReadAllTextAsync(PathTo(project, "README.md"));
        var code = string.Concat(Directory.EnumerateFiles(PathTo(project), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));

        string[] expected =
        [
            Owner(project, await File.ReadAllTextAsync(Repository.PathTo("CODEOWNERS"))),
            $"{project}.csproj",
            "services.yml",
            .. Table().Matches(code).Select(match => $"`{match.Groups[1].Value}`"),
            .. Metric().Matches(code).Select(match => match.Groups[1].Value),
            .. EventsOf.Code(service).Select(name => $"docs/events/{name}.json"),
        ];

        Assert.All(expected, word => Assert.Contains(word, readme, StringComparison.Ordinal));
    }

    private static string PathTo(params string[] parts) => Repository.PathTo(["src", .. parts]);

    private static string Owner(string project, string codeOwners) => codeOwners.Split('\n')
        .Last(line => line.StartsWith("* ", StringComparison.Ordinal) || line.StartsWith($"/src/{project}/ ", StringComparison.Ordinal))
        .Split(' ')[1];

    [GeneratedRegex("ToTable\\(\"([a-z_]+)\"")]
    private static partial Regex Table();

    [GeneratedRegex("\"(explaino\\.[a-z]+\\.[a-z._]+)\"")]
    private static partial Regex Metric();
}
