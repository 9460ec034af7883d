using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;

namespace Explaino.Deployment.Tests;

/// <summary>What is deployed is what the AppHost runs: the same processes, told the same things by the same names.</summary>
public sealed class DeployedModelTests
{
    // Of development alone: the framework's own, and where files are when nothing better is at hand.
    private static readonly string[] Local =
    [
        "ASPNETCORE_", "DOTNET_", "LOGGING__", "OTEL_", "HTTP_PORTS", "MESSAGING_", "services__", "Mail__PickupDirectory", "Push__", "Storage__Folder",
        "WebClient__",
        .. Service.WithDatabase.Select(service => $"{service.Name.ToUpperInvariant()}_"),
    ];

    [Fact]
    public async Task Compose_runs_the_models_processes_with_the_models_settings()
    {
        var compose = (await Validators.CheckAsync("compose", await File.ReadAllTextAsync(Repository.PathTo("deploy", "compose.yaml")))).Documents[0];
        var model = await AppHostModel.ReadAsync("containers");

        var expected = model.Names<ProjectResource>().Concat(model.Names<ExecutableResource>()).Where(IsOurs).Order();
        Assert.Equal(expected, compose["services"]!.AsObject().Select(service => service.Key).Where(name => name is not ("postgres" or "rabbitmq" or "provision")).Order());
        foreach (var name in expected)
        {
            var service = compose.At($"/services/{name}");
            var told = (service!["environment"] as JsonObject ?? []).Select(variable => variable.Key)
                .Concat(service.Items("/secrets").Select(secret => secret.Text("/target")!));
            AssertTold(await model.SettingsAsync(name), told, name);
        }
    }

    [Fact]
    public async Task Kubernetes_runs_the_models_processes_with_the_models_settings()
    {
        var manifests = (await Validators.CheckAsync("kubernetes", await Validators.RenderAsync("production"))).Documents;
        var secrets = await File.ReadAllTextAsync(Repository.PathTo("deploy", "scripts", "kubernetes-secrets"));
        var model = await AppHostModel.ReadAsync("containers");

        var deployed = manifests.Where(manifest => manifest.Text("/kind") == "Deployment").Select(manifest => manifest.Text("/metadata/name")!).Order();
        Assert.Equal(model.Names<ProjectResource>().Where(IsOurs), deployed);
        var shared = manifests.Single(manifest => manifest.Text("/kind") == "ConfigMap" && manifest.Text("/metadata/name")!.StartsWith("explaino", StringComparison.Ordinal))["data"]!
            .AsObject().Select(setting => setting.Key).ToList();
        foreach (var name in deployed)
        {
            var told = shared.Concat(ManifestRules.Find(manifests, "Deployment", name).Items("/spec/template/spec/containers/0/env").Select(variable => variable.Text("/name")!));
            AssertTold(await model.SettingsAsync(name), told.Concat(Words(secrets)), name);
        }
    }

    private static bool IsOurs(string name) => Service.All.Any(service => name == service.Name || name == $"{service.Name}-migrations");

    private static IEnumerable<string> Words(string script) =>
        script.Split(['"', '=', ' ', '\n']).SelectMany(word => Service.WithDatabase.Select(service => word.Replace("$2", service.Database, StringComparison.Ordinal)).Append(word));

    private static void AssertTold(Dictionary<string, string> settings, IEnumerable<string> told, string name)
    {
        var known = told.ToHashSet();
        Assert.All(
            settings.Keys.Where(key => !Local.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal))),
            key => Assert.True(known.Contains(key), $"{name} is not told {key}."));
    }
}
