using System.Text.Json.Nodes;
using NuGet.Configuration;
using NuGet.Packaging;
using NuGet.Versioning;

namespace Explaino.Deployment.Tests;

/// <summary>The packages of all lock files, direct and transitive: what the repository uses of other people, for services, tests and tools.</summary>
internal static class LockedPackages
{
    private static readonly VersionFolderPathResolver Restored = new(SettingsUtility.GetGlobalPackagesFolder(Settings.LoadDefaultSettings(Repository.Root)));

    public static async Task<IReadOnlyList<LicensedPackage>> ReadAsync()
    {
        List<LicensedPackage> packages = [];
        foreach (var file in SourceFiles.Of("packages.lock.json"))
        {
            packages.AddRange(await OfNuGetAsync(file));
        }

        return [.. packages.Concat(SourceFiles.Of("package-lock.json").SelectMany(OfNpm)).Distinct()];
    }

    private static async Task<IEnumerable<LicensedPackage>> OfNuGetAsync(string file)
    {
        var locked = JsonNode.Parse(await File.ReadAllTextAsync(file))!["dependencies"]!.AsObject()
            .SelectMany(framework => framework.Value!.AsObject())
            .Where(package => package.Value!.Text("/type") != "Project")
            .Select(package => (Id: package.Key, Version: NuGetVersion.Parse(package.Value!.Text("/resolved")!)))
            .Distinct().ToList();
        if (!locked.TrueForAll(package => File.Exists(Restored.GetManifestFilePath(package.Id, package.Version))))
        {
            // Not every build restores every project: what tests generate and build themselves, or where one project is tested alone.
            await Command.RunAsync("dotnet", ["restore", Path.GetDirectoryName(file)!, "--locked-mode"]);
        }

        return locked.Select(package => new LicensedPackage(
            $"nuget:{package.Id}", package.Version.ToString(), LicenceOf(new NuspecReader(Restored.GetManifestFilePath(package.Id, package.Version)))));
    }

    private static string? LicenceOf(NuspecReader package) => package.GetLicenseMetadata() switch
    {
        { Type: LicenseType.File } file => $"file {file.License}",
        { } expression => expression.License,
        null => package.GetLicenseUrl(),
    };

    /// <summary>npm copies what a package says into the lock file, so that none needs to be installed.</summary>
    private static IEnumerable<LicensedPackage> OfNpm(string file)
    {
        const string folder = "node_modules/";
        return from package in JsonNode.Parse(File.ReadAllText(file))!["packages"]!.AsObject()
               let name = package.Key.LastIndexOf(folder, StringComparison.Ordinal)
               where name >= 0 && package.Value!["link"] is null
               select new LicensedPackage($"npm:{package.Key[(name + folder.Length)..]}", package.Value!.Text("/version")!, package.Value!.Text("/license"));
    }
}
