using System.Security.Cryptography;
using System.Text.Json;

namespace Explaino.Deployment.Tests;

/// <summary>No credential was ever committed: what is taken out later stays in the history (validators/secrets.mjs, by secretlint's recommended rules).</summary>
public sealed class SecretTests : IDisposable
{
    /// <summary>What looks like a secret and opens nothing.</summary>
    private static readonly string[] Harmless =
    [
        "https://user:secret@example.org", // An address that is refused, because it holds a password.
        "postgresql://postgres:postgres@127.0.0.1:", // Of a private server on a developer's machine, in a former ./dev run.
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("explaino-secrets-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Nothing_that_was_ever_committed_is_secret() => Assert.Empty(await FindAsync(Repository.Root));

    [Fact]
    public async Task Seeded_a_secret_that_was_taken_out_again_is_noticed()
    {
        await GitAsync("init", "--quiet");
        await CommitAsync("settings.txt", $"Name=Wallet\n{PrivateKey()}\nPort=5432");
        await CommitAsync("settings.txt", "Name=Wallet\nPort=5432");

        Assert.Equal("settings.txt", Assert.Single(await FindAsync(_folder.FullName)).Where.Split(':')[1]);
    }

    [Fact]
    public async Task Seeded_a_private_key_in_a_folder_without_a_history_is_noticed()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "key.txt"), PrivateKey());

        Assert.Equal("key.txt", Assert.Single(await FindAsync(_folder.FullName)).Where);
    }

    private static string PrivateKey()
    {
        using var key = RSA.Create(2048);
        return key.ExportRSAPrivateKeyPem();
    }

    private static async Task<IReadOnlyList<Finding>> FindAsync(string folder)
    {
        await NpmPackages.InstallAsync("tests", "Deployment.Tests", "validators");
        var found = await Command.RunAsync("node", [Repository.PathTo("tests", "Deployment.Tests", "validators", "secrets.mjs"), folder]);
        return [.. JsonSerializer.Deserialize<Finding[]>(found, JsonSerializerOptions.Web)!.Where(finding => !Harmless.Any(harmless => finding.Found.StartsWith(harmless, StringComparison.Ordinal)))];
    }

    private async Task CommitAsync(string file, string text)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, file), text + "\n");
        await GitAsync("add", file);
        await GitAsync("-c", "user.name=Somebody", "-c", "user.email=somebody@example.org", "-c", "core.hooksPath=/dev/null", "commit", "--quiet", "--message", "Change settings");
    }

    private async Task GitAsync(params string[] words) => await Command.RunAsync("git", words, folder: _folder.FullName);

    private sealed record Finding(string Where, string Found, string Message);
}
