using System.Diagnostics;

namespace Explaino.Testing;

/// <summary>A copy of this checkout with what was built of it, in which files can be written, built and run without touching it; gone at the end.</summary>
public sealed class TreeCopy : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("explaino-copy-");

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Name;

    public string PathTo(params string[] parts) => Path.Combine([_folder.FullName, .. parts]);

    /// <summary>What <c>dotnet build</c> made, or will make, of a project.</summary>
    public string AssemblyOf(string project) => PathTo("artifacts", "bin", project, Configuration, $"{project}.dll");

    public static async Task<TreeCopy> CreateAsync()
    {
        var copy = new TreeCopy();
        const string script = """
            set -euo pipefail
            tar --create --exclude=./artifacts --exclude=./.explaino --exclude=./.git --exclude=node_modules . | tar --extract --directory "$1"
            mkdir -p "$1/artifacts/bin" "$1/.explaino" artifacts/ahead .explaino/tools
            ln -s "$PWD/artifacts/ahead" "$1/artifacts" # Packages that are compiled once for the machine,
            ln -s "$PWD/.explaino/tools" "$1/.explaino" # and what is downloaded once.
            """;
        await Command.RunAsync("bash", ["-c", script, "copy", copy._folder.FullName]);
        return copy;
    }

    /// <summary><c>./dev</c> with these words, in the copy.</summary>
    public Task DevAsync(params string[] words) =>
        Command.RunAsync(PathTo("dev"), words, new Dictionary<string, string?> { ["CI"] = "true" }, _folder.FullName);

    /// <summary>Takes over what was built of these projects, so that only new ones need to be built.</summary>
    public async Task TakeBuiltAsync(params IEnumerable<string> projects)
    {
        foreach (var project in projects)
        {
            await Command.RunAsync("cp", ["--archive", Repository.PathTo("artifacts", "bin", project), PathTo("artifacts", "bin")]);
            // What others compile against, and what starts it.
            await Command.RunAsync("cp", ["--archive", "--parents", $"artifacts/obj/{project}/{Configuration}", _folder.FullName]);
        }
    }

    /// <summary>Builds a project with analyzers, by its lock file, and nothing that it refers to.</summary>
    public async Task BuildAsync(string folder)
    {
        await Command.RunAsync(ServiceProcess.Dotnet, ["restore", folder, "--locked-mode", "--verbosity", "quiet"], folder: _folder.FullName);
        await Command.RunAsync(
            ServiceProcess.Dotnet,
            ["build", folder, "--no-restore", "--no-dependencies", "--configuration", Configuration, "--nologo", "--verbosity", "quiet"],
            folder: _folder.FullName);
    }

    /// <summary>Runs what was built of a project as a child of this process, until it is stopped.</summary>
    public async Task<Process> StartAsync(string project, params string[] arguments)
    {
        var start = new ProcessStartInfo(ServiceProcess.Dotnet, [AssemblyOf(project), .. arguments]) { WorkingDirectory = _folder.FullName };
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        return await ChildProcess.StartAsync(start);
    }

    /// <summary>The files of the checkout that differ in the copy.</summary>
    public IReadOnlyList<string> Edited() =>
    [
        .. Files(Repository.Root).Where(file => !File.Exists(PathTo(file)) || !File.ReadAllBytes(PathTo(file)).AsSpan().SequenceEqual(File.ReadAllBytes(Repository.PathTo(file)))),
    ];

    /// <summary>The files of the copy that the checkout does not have.</summary>
    public IReadOnlyList<string> Added() => [.. Files(_folder.FullName).Where(file => !File.Exists(Repository.PathTo(file)))];

    public void Dispose() => _folder.Delete(recursive: true);

    private static IEnumerable<string> Files(string root) =>
        from folder in Directory.EnumerateDirectories(root).Where(folder => Path.GetFileName(folder) is not ("artifacts" or ".explaino" or ".git")).Append(root)
        from file in Directory.EnumerateFiles(folder, "*", folder == root ? SearchOption.TopDirectoryOnly : SearchOption.AllDirectories)
        let name = Path.GetRelativePath(root, file)
        where name != ".git" && !name.Contains("node_modules/", StringComparison.Ordinal)
        select name;
}
