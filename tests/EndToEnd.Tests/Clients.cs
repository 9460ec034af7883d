using Explaino.Testing;

namespace Explaino.EndToEnd.Tests;

/// <summary>The clients of clients/, which are written in TypeScript: built, and their tests run.</summary>
internal static class Clients
{
    private static readonly string Folder = Repository.PathTo("clients");

    /// <summary>Before the system starts, whose gateway shows one of them.</summary>
    public static async Task BuildAsync()
    {
        await NpmPackages.InstallAsync("clients");
        await NpmAsync("run", "build");
    }

    /// <param name="client">Its folder.</param>
    /// <param name="settings">What its tests are told, as <c>EXPLAINO_</c> and this name.</param>
    public static async Task TestAsync(string client, params (string Name, Uri Address)[] settings)
    {
        var told = settings.ToDictionary(setting => $"EXPLAINO_{setting.Name}", setting => (string?)setting.Address.GetLeftPart(UriPartial.Authority));
        await Command.RunAsync("npm", ["test", "--workspace", client], told, Folder);
    }

    private static Task<string> NpmAsync(params string[] words) => Command.RunAsync("npm", words, folder: Folder);
}
