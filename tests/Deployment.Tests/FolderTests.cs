using System.Text.RegularExpressions;

namespace Explaino.Deployment.Tests;

/// <summary>
/// The folders of a project form no circles, so that each can be read, and moved, without those that know it. Judged by <c>using</c>s; <c>Data</c> is left out, because a
/// DbContext names the tables of all features and is what they are read through.
/// </summary>
public sealed partial class FolderTests
{
    private const string Shared = "Data";

    /// <summary>Folders that lie in one circle, from before this rule. The list only ever gets shorter.</summary>
    private static readonly Dictionary<string, string[]> Known = new()
    {
        ["IdentityService"] = ["Codes", "Mail", "Passwords", "Sessions", "Users"],
        ["JobBoardService"] = ["Images", "Jobs", "Likes"],
        ["ProfileService"] = ["Certificates", "Collections", "Profiles", "Resumes", "Specializations"],
        ["WalletService"] = ["Events", "Wallets"],
    };

    public static TheoryData<string> Projects =>
        [.. Directory.EnumerateDirectories(Repository.PathTo("src")).Select(folder => Path.GetFileName(folder)!).Order()];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_of_a_project_form_no_circle(string project)
    {
        var uses = Directory.EnumerateFiles(Repository.PathTo("src", project), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => UsesIn(project, Path.GetRelativePath(Repository.PathTo("src", project), file), File.ReadAllText(file)))
            .ToLookup(use => use.Folder, use => use.Used);

        Assert.Empty(InCircles(uses).Except(Known.GetValueOrDefault(project, [])));
    }

    [Fact]
    public void Seeded_a_circle_over_three_folders_is_noticed()
    {
        (string File, string Text)[] files =
        [
            ("Messages/Writer.cs", "using Explaino.ChatService.Hub;"), ("Hub/Setup.cs", "using Explaino.ChatService.Groups;\nusing Explaino.ChatService.Conversations;"),
            ("Groups/Deep/Reader.cs", "using Explaino.ChatService.Messages;"), ("Program.cs", "using Explaino.ChatService.Hub;"),
        ];

        var uses = files.SelectMany(file => UsesIn("ChatService", file.File, file.Text)).ToLookup(use => use.Folder, use => use.Used);

        Assert.Equal(["Groups", "Hub", "Messages"], InCircles(uses).Order());
    }

    private static IEnumerable<(string Folder, string Used)> UsesIn(string project, string file, string text)
    {
        var folder = file.Split(Path.DirectorySeparatorChar) is [var first, _, ..] ? first : null;
        return from Match use in Using().Matches(text)
               where folder is not null and not Shared && use.Groups["project"].Value == project && use.Groups["folder"].Value != folder
                   && use.Groups["folder"].Value != Shared
               select (folder, use.Groups["folder"].Value);
    }

    private static IEnumerable<string> InCircles(ILookup<string, string> uses) =>
        uses.Select(folder => folder.Key).Where(folder => Reachable(uses, folder).Contains(folder));

    private static HashSet<string> Reachable(ILookup<string, string> uses, string from)
    {
        HashSet<string> found = [];
        Stack<string> open = new(uses[from]);
        while (open.TryPop(out var folder))
        {
            if (found.Add(folder))
            {
                foreach (var next in uses[folder])
                {
                    open.Push(next);
                }
            }
        }

        return found;
    }

    [GeneratedRegex(@"^\s*(global )?using (static )?(\w+ = )?Explaino\.(?<project>\w+)\.(?<folder>\w+)", RegexOptions.Multiline)]
    private static partial Regex Using();
}
