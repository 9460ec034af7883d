namespace Explaino.Deployment.Tests;

/// <summary>.ci/audit against an npm that writes down where it is asked: what is known against packages changes daily, and only the registry knows it.</summary>
public sealed class PackageAuditTests : IDisposable
{
    private const string Npm = """
        #!/bin/sh
        echo "$PWD $*" >>"$(dirname "$0")/asked"
        case "$PWD" in *"$VULNERABLE") exit 1 ;; esac
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("explaino-npm-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_packages_of_every_lock_file_are_asked_for()
    {
        (await AuditAsync(vulnerable: "/nowhere")).Succeeded();

        Assert.Equal(
            SourceFiles.Of("package-lock.json").Select(file => $"{Path.GetDirectoryName(file)} audit --package-lock-only").Order(StringComparer.Ordinal),
            (await File.ReadAllLinesAsync(Path.Combine(_folder.FullName, "asked"))).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task One_that_is_vulnerable_fails_it_after_all_were_asked_for()
    {
        var audit = await AuditAsync(vulnerable: "/clients");

        Assert.Equal(1, audit.ExitCode);
        Assert.Equal(SourceFiles.Of("package-lock.json").Count(), (await File.ReadAllLinesAsync(Path.Combine(_folder.FullName, "asked"))).Length);
    }

    private async Task<Command> AuditAsync(string vulnerable)
    {
        (await Command.TryRunAsync("install", ["-m", "755", "/dev/stdin", Path.Combine(_folder.FullName, "npm")], input: Npm)).Succeeded();
        return await Command.TryRunAsync(".ci/audit", [], environment: new Dictionary<string, string?>
        {
            ["PATH"] = $"{_folder.FullName}:{Environment.GetEnvironmentVariable("PATH")}",
            ["VULNERABLE"] = vulnerable,
        });
    }
}
