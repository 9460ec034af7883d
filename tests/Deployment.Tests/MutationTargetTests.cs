using Microsoft.Extensions.FileSystemGlobbing;

namespace Explaino.Deployment.Tests;

/// <summary>What <c>./dev mutate</c> changes, and with which tests it tries the change, is there: a file that was renamed is not left out unnoticed.</summary>
public sealed class MutationTargetTests
{
    private static readonly string[][] Targets =
    [
        .. File.ReadLines(Repository.PathTo("tests", "Mutation", "targets")).Where(line => !line.StartsWith('#'))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
    ];

    [Fact]
    public void Every_file_and_every_class_of_every_target_is_there() => Assert.Empty(Targets.SelectMany(Missing));

    [Fact]
    public void Seeded_a_file_that_was_renamed_is_noticed() =>
        Assert.Equal(
            ["src/WalletService/Purses/*.cs", "tests/WalletService.Tests/PurseTests.cs"],
            Missing(["wallet", "WalletService", "Wallets/*.cs;Purses/*.cs", "WalletService.Tests", "WalletTests;PurseTests"]));

    [Fact]
    public async Task A_target_that_is_none_is_refused_with_those_there_are()
    {
        var refused = await Command.TryRunAsync(Repository.PathTo("dev"), ["mutate", "purse"], environment: new Dictionary<string, string?> { ["CI"] = "true" });

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains($"there are: {string.Join(' ', Targets.Select(target => target[0]))}", refused.Errors, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Missing(string[] target) =>
        target[2].Split(';').Select(pattern => (Folder: Path.Combine("src", target[1]), pattern))
            .Concat(target[4].Split(';').Select(name => (Folder: Path.Combine("tests", target[3]), pattern: $"{name}.cs")))
            .Where(each => !new Matcher().AddInclude(each.pattern).GetResultsInFullPath(Repository.PathTo(each.Folder)).Any())
            .Select(each => $"{each.Folder}/{each.pattern}");
}
