namespace Explaino.Deployment.Tests;

/// <summary>The repository's own files, without what a build or a package manager put beside them.</summary>
internal static class SourceFiles
{
    private static readonly string[] Folders = ["docs", "src", "clients", "tests", "tools", "deploy", ".github"];

    public static IEnumerable<string> Of(params string[] patterns) => patterns.SelectMany(pattern => Folders
        .SelectMany(folder => Directory.EnumerateFiles(Repository.PathTo(folder), pattern, SearchOption.AllDirectories))
        .Where(file => !file.Contains("/node_modules/", StringComparison.Ordinal) && !file.Contains("/tools/new-service/", StringComparison.Ordinal))
        .Concat(Directory.EnumerateFiles(Repository.Root, pattern)));
}
