namespace Explaino.AppHost;

/// <summary>The catalogue of services, <c>deploy/services</c>: one line each, from whose noun all names follow (docs/adr/0047). The tests share this file.</summary>
internal static class Catalogue
{
    public static IEnumerable<CatalogueLine> Read(string file) =>
        from line in File.ReadLines(file)
        let words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        where words.Length > 0 && !words[0].StartsWith('#')
        let noun = words[0]
        let name = words.FirstOrDefault(word => word.StartsWith("as=", StringComparison.Ordinal))?[3..]
        select new CatalogueLine(name ?? noun.ToLowerInvariant(), $"{noun}Service", noun.ToLowerInvariant(), words.Contains("files"));
}

/// <summary>One service by all of its names.</summary>
/// <param name="Name">Of its process, host and image.</param>
internal sealed record CatalogueLine(string Name, string Project, string Database, bool KeepsFiles);
