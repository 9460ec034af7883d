using System.Text.RegularExpressions;

namespace Explaino.Deployment.Tests;

/// <summary>Architecture decision records: numbered without holes, all of them in the index, and cited in one way.</summary>
public sealed partial class DecisionTests
{
    private static readonly string[] Records = [.. Directory.EnumerateFiles(Repository.PathTo("docs", "adr"), "0*.md").Order(StringComparer.Ordinal)];

    [Fact]
    public void Numbers_have_no_holes_and_titles_begin_with_them()
    {
        Assert.All(Records, (record, index) =>
        {
            var number = $"{index + 1:D4}";
            Assert.StartsWith(number + "-", Path.GetFileName(record), StringComparison.Ordinal);
            Assert.StartsWith($"# {number}. ", File.ReadLines(record).First(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void The_index_has_every_record_in_order()
    {
        var index = File.ReadAllText(Repository.PathTo("docs", "adr", "README.md"));

        Assert.Equal(Records.Select(record => Path.GetFileName(record)[..4]), IndexRow().Matches(index).Select(row => row.Groups[1].Value));
    }

    [Fact]
    public void Pages_cite_by_a_link_and_code_by_the_number_of_a_record_that_exists()
    {
        Assert.Empty(SourceFiles.Of("*.cs", "*.sql", "*.csproj").Where(file => !file.EndsWith("/DecisionTests.cs", StringComparison.Ordinal)).SelectMany(file => Faults(file, CodeCitation())));
        Assert.Empty(SourceFiles.Of("*.md").Where(page => !page.EndsWith("docs/adr/README.md", StringComparison.Ordinal)).SelectMany(file => Faults(file, PageCitation())));
    }

    [Fact]
    public void Seeded_citations_in_another_form_are_noticed()
    {
        Assert.NotEmpty(Faults("a.cs", "see ADR 4", CodeCitation()));
        Assert.NotEmpty(Faults("a.cs", "see docs/adr/9999", CodeCitation()));
        Assert.Empty(Faults("a.cs", "see docs/adr/0004", CodeCitation()));
        Assert.NotEmpty(Faults("a.md", "see ADR 0004", PageCitation()));
        Assert.NotEmpty(Faults("a.md", "see [4](adr/0004-own-outbox.md)", PageCitation()));
        Assert.Empty(Faults("a.md", "see [ADR 0004](adr/0004-own-outbox.md)", PageCitation()));
    }

    private static IEnumerable<string> Faults(string file, Regex good) => Faults(file, File.ReadAllText(file), good);

    private static IEnumerable<string> Faults(string file, string text, Regex good) => AnyCitation().Matches(good.Replace(text, match => Exists(match.Groups[1].Value) ? "" : match.Value))
        .Select(match => $"{file}: {match.Value}");

    private static bool Exists(string number) => Records.Any(record => Path.GetFileName(record).StartsWith(number, StringComparison.Ordinal));

    [GeneratedRegex(@"\bADRs? \d+|\badr/\d{4}")]
    private static partial Regex AnyCitation();

    [GeneratedRegex(@"\bdocs/adr/(\d{4})\b")]
    private static partial Regex CodeCitation();

    [GeneratedRegex(@"\[ADR (\d{4})\]\([\w./]*?\1-[\w-]+\.md\)")]
    private static partial Regex PageCitation();

    [GeneratedRegex(@"^\| \[(\d{4})\]\(\1-", RegexOptions.Multiline)]
    private static partial Regex IndexRow();
}
