namespace Explaino.AppHost;

/// <summary>What was built beside this program, in the same configuration.</summary>
internal static class Binaries
{
    /// <summary>A project's folder, which is its content root, and its assembly.</summary>
    public static (string Folder, string Assembly) Of<TProject>(IDistributedApplicationBuilder builder) where TProject : IProjectMetadata, new()
    {
        var project = new TProject().ProjectPath;
        return (Path.GetDirectoryName(project)!, AssemblyOf(builder, Path.GetFileNameWithoutExtension(project)));
    }

    public static string AssemblyOf(IDistributedApplicationBuilder builder, string project) =>
        Path.GetFullPath($"../../artifacts/bin/{project}/{Configuration}/{project}.dll", builder.AppHostDirectory);

    /// <summary>Where the build of clients/web leaves it.</summary>
    public static string WebClient(string appHostDirectory) => Path.GetFullPath("../../clients/web/dist", appHostDirectory);

    private const string Configuration =
#if DEBUG
        "debug";
#else
        "release";
#endif
}
