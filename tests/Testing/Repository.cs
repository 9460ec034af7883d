namespace Explaino.Testing;

/// <summary>Where this checkout lies: tests use its scripts, its documents and the services it built.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string PathTo(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>A service's own build output, beside that of the running test project and of the same configuration.</summary>
    internal static string OutputOf(string project)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(own.Parent!.Parent!.FullName, project, own.Name);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Explaino.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} is not inside the repository.");
        }

        return folder.FullName;
    }
}
