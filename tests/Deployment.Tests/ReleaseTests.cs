namespace Explaino.Deployment.Tests;

/// <summary>deploy/scripts/release against a dotnet and a cosign that write down what they are asked: there is no registry of images here, nor anybody to sign for.</summary>
public sealed class ReleaseTests : IDisposable
{
    private const string Program = """
        #!/bin/sh
        echo "$(basename "$0") $*" >>"$(dirname "$0")/asked"
        case "$*" in
          *-getProperty:Version*) echo 1.4.0 ;;
          publish*) echo "$DIGEST" ;;
        esac
        """;

    private static readonly string Digest = $"sha256:{new string('a', 64)}";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("explaino-release-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task An_image_is_signed_by_its_digest_and_with_what_is_in_it()
    {
        (await ReleaseAsync("wallet-v1.4.0", Digest)).Succeeded();

        var asked = await AskedAsync();
        var published = asked.FindIndex(words => words.StartsWith("dotnet publish", StringComparison.Ordinal));
        var listed = asked.FindIndex(words => words.StartsWith("dotnet tool run dotnet-CycloneDX", StringComparison.Ordinal));
        Assert.Contains("-p:ContainerRegistry=images.example", asked[published], StringComparison.Ordinal);
        Assert.InRange(listed, published, asked.Count - 3);
        Assert.Equal($"cosign sign --yes images.example/explaino/wallet@{Digest}", asked[^2]);
        Assert.Matches($"^cosign attest --yes --type cyclonedx --predicate [^ ]+ images.example/explaino/wallet@{Digest}$", asked[^1]);
    }

    [Theory]
    [InlineData("wallet-v1.5.0", "the tag is wallet-v1.5.0, and the project says 1.4.0")]
    [InlineData("walet-v1.4.0", "'walet-v1.4.0' names no service")]
    public async Task Nothing_is_published_under_another_tag_than_the_projects_version(string tag, string said)
    {
        var release = await ReleaseAsync(tag, Digest);

        Assert.Equal(1, release.ExitCode);
        Assert.Contains(said, release.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(await AskedAsync(), words => words.StartsWith("dotnet publish", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("latest")]
    public async Task What_has_no_digest_is_not_signed(string digest)
    {
        var release = await ReleaseAsync("wallet-v1.4.0", digest);

        Assert.Equal(1, release.ExitCode);
        Assert.DoesNotContain(await AskedAsync(), words => words.StartsWith("cosign", StringComparison.Ordinal));
    }

    private async Task<Command> ReleaseAsync(string tag, string digest)
    {
        foreach (var name in (string[])["dotnet", "cosign"])
        {
            (await Command.TryRunAsync("install", ["-m", "755", "/dev/stdin", Path.Combine(_folder.FullName, name)], input: Program)).Succeeded();
        }

        return await Command.TryRunAsync("deploy/scripts/release", [tag], environment: new Dictionary<string, string?>
        {
            ["PATH"] = $"{_folder.FullName}:{Environment.GetEnvironmentVariable("PATH")}",
            ["REGISTRY"] = "images.example",
            ["DIGEST"] = digest,
        });
    }

    private async Task<List<string>> AskedAsync()
    {
        var asked = new FileInfo(Path.Combine(_folder.FullName, "asked"));
        return asked.Exists ? [.. await File.ReadAllLinesAsync(asked.FullName)] : [];
    }
}
