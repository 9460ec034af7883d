using System.Text.RegularExpressions;

namespace Explaino.Deployment.Tests;

/// <summary>What a page or a comment refers to is there, down to the heading.</summary>
public sealed partial class LinkTests
{
    private static readonly string Root = Repository.PathTo("README.md");

    [Fact]
    public void Links_of_every_page_lead_somewhere()
    {
        var broken = SourceFiles.Of("*.md").SelectMany(page =>
            Link().Matches(File.ReadAllText(page)).Select(match => match.Groups[1].Value).Where(link => !Leads(page, link))
                .Select(link => $"{page}: {link}"));

        Assert.Empty(broken);
    }

    [Fact]
    public void Documents_that_comments_refer_to_have_that_heading()
    {
        var broken = SourceFiles.Of("*.cs").SelectMany(file =>
            Reference().Matches(File.ReadAllText(file)).Select(match => match.Value).Where(link => !Leads(Root, link)).Select(link => $"{file}: {link}"));

        Assert.Empty(broken);
    }

    [Fact]
    public void Seeded_a_link_to_nowhere_is_noticed()
    {
        var page = Repository.PathTo("docs", "architecture.md");

        Assert.True(Leads(page, "contract.md#2-identity"));
        Assert.False(Leads(page, "contract.md#22-identity"));
        Assert.False(Leads(page, "covenant.md"));
    }

    private static bool Leads(string page, string link)
    {
        var parts = link.Split('#');
        var target = parts[0].Length == 0 ? page : Path.Combine(Path.GetDirectoryName(page)!, parts[0]);
        return Path.Exists(target) && (parts.Length == 1 || Headings(target).Contains(parts[1]));
    }

    /// <summary>The anchors that a forge gives to a page's headings.</summary>
    private static IEnumerable<string> Headings(string page) => File.ReadLines(page)
        .Where(line => line.StartsWith('#'))
        .Select(line => NoAnchor().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"\]\((?!https?:|mailto:)([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\bdocs/[\w./-]+\.md(#[\w-]+)?")]
    private static partial Regex Reference();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NoAnchor();
}
