using System.Xml.Linq;

namespace Explaino.Deployment.Tests;

/// <summary>The project graph of <c>src</c>, as the project files say it.</summary>
internal static class ProjectGraph
{
    /// <summary>The projects that one is built from, over any number of steps.</summary>
    public static IReadOnlySet<string> ReferencedBy(string project)
    {
        HashSet<string> found = [];
        Stack<string> open = new([project]);
        while (open.TryPop(out var next))
        {
            foreach (var reference in XDocument.Load(Repository.PathTo("src", next, $"{next}.csproj")).Descendants("ProjectReference"))
            {
                var name = Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value);
                if (found.Add(name))
                {
                    open.Push(name);
                }
            }
        }

        return found;
    }
}
