using System.Text.RegularExpressions;
using Explaino.Testing;

namespace Explaino.Security.Tests;

/// <summary>docs/security.md names for each item the test that shows it; each of them is there.</summary>
public sealed partial class DocumentTests
{
    [Fact]
    public void Every_test_that_the_document_names_exists()
    {
        var named = Named().Matches(File.ReadAllText(Repository.PathTo("docs", "security.md"))).Select(match => (Project: match.Groups[1].Value, Class: match.Groups[2].Value)).Distinct().ToList();

        Assert.True(named.Count > 30, "The document names its tests.");
        Assert.All(named, test => Assert.True(Exists(test.Project, test.Class), $"{test.Project} has no {test.Class}."));
        Assert.False(Exists("Security.Tests", "NoSuchTests"), "What is not there is noticed.");
    }

    private static bool Exists(string project, string name) =>
        Directory.EnumerateFiles(Repository.PathTo("tests", project), $"{name}.cs", SearchOption.AllDirectories)
            .Any(file => File.ReadAllText(file).Contains($"class {name}", StringComparison.Ordinal));

    [GeneratedRegex(@"`(\w+\.Tests)/(\w+Tests)`")]
    private static partial Regex Named();
}
