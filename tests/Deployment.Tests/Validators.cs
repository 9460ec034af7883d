using System.Text.Json;
using System.Text.Json.Nodes;

namespace Explaino.Deployment.Tests;

/// <summary>What the validators of npm say about a file, and the file as JSON.</summary>
internal sealed record Checked(IReadOnlyList<JsonObject> Documents, IReadOnlyList<string> Faults);

/// <summary>The published schemas and types of Compose, Kubernetes, Grafana and GitHub (validators/check.mjs), installed on first use.</summary>
internal static class Validators
{
    private static readonly string Folder = Repository.PathTo("tests", "Deployment.Tests", "validators");
    private static readonly Lazy<Task> Installed = new(() => NpmPackages.InstallAsync("tests", "Deployment.Tests", "validators"));

    public static async Task<Checked> CheckAsync(string kind, string text)
    {
        await Installed.Value;
        var answer = (await Command.TryRunAsync("node", [Path.Combine(Folder, "check.mjs"), kind], input: text)).Succeeded();
        return JsonSerializer.Deserialize<Checked>(answer, JsonSerializerOptions.Web)!;
    }

    /// <summary>Debian's own kubectl is too old for these manifests: without a newer one a developer goes on, and CI does not.</summary>
    public static async Task<string> RenderAsync(string overlay)
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "kubectl")));
        Assert.SkipUnless(found || Environment.GetEnvironmentVariable("CI") == "true", "kubectl is not installed: the manifests cannot be rendered.");
        return (await Command.TryRunAsync("kubectl", ["kustomize", $"deploy/kubernetes/overlays/{overlay}"])).Succeeded();
    }
}
