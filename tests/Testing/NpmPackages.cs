namespace Explaino.Testing;

/// <summary>Packages of npm that tests run, as their lock file names them and without their scripts; installed on first use.</summary>
public static class NpmPackages
{
    /// <returns>The folder of the installed packages.</returns>
    public static async Task<string> InstallAsync(params string[] folder)
    {
        var path = Repository.PathTo(folder);
        var wanted = new FileInfo(Path.Combine(path, "package-lock.json"));
        var installed = new FileInfo(Path.Combine(path, "node_modules", ".package-lock.json"));
        if (!installed.Exists || installed.LastWriteTimeUtc < wanted.LastWriteTimeUtc)
        {
            await Command.RunAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder: path);
        }

        return Path.Combine(path, "node_modules");
    }
}
