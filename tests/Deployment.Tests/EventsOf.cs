using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Explaino.Deployment.Tests;

/// <summary>The event documents of a service: those whose message its code names, or a folder of shared code that it uses.</summary>
internal static partial class EventsOf
{
    public static IEnumerable<string> Code(Service service)
    {
        var own = CodeIn(service.Project).ToList();
        var shared = own.SelectMany(text => SharedFolder().Matches(text).Select(match => Path.Combine(match.Groups[1].Value, match.Groups[2].Value))).Distinct();
        var all = own.Concat(shared.SelectMany(CodeIn)).ToList();
        return Directory.EnumerateFiles(Repository.PathTo("docs", "events"), "*.json")
            .Where(file => JsonNode.Parse(File.ReadAllText(file)).Text("/x-message-urn") is { } urn && all.Any(text => text.Contains($"\"{urn}\"", StringComparison.Ordinal)))
            .Select(file => Path.GetFileNameWithoutExtension(file));
    }

    private static IEnumerable<string> CodeIn(string folder) => Repository.PathTo("src", folder) is var path && Directory.Exists(path)
        ? Directory.EnumerateFiles(path, "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText)
        : [];

    [GeneratedRegex(@"^using Explaino\.(Service\w+)\.(\w+);", RegexOptions.Multiline)]
    private static partial Regex SharedFolder();
}
