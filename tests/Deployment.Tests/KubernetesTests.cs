using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Explaino.Deployment.Tests;

public sealed class KubernetesTests
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<Checked>>> Rendered = new();

    [Theory]
    [InlineData("staging")]
    [InlineData("production")]
    public async Task An_overlay_follows_the_schemas_and_the_rules(string overlay)
    {
        var manifests = await RenderAsync(overlay);

        Assert.Empty(manifests.Faults);
        Assert.Empty(ManifestRules.Faults(manifests.Documents));
    }

    [Fact]
    public async Task In_production_nothing_runs_alone()
    {
        var manifests = await RenderAsync("production");

        Assert.All(
            manifests.Documents.Where(manifest => manifest.Text("/kind") == "HorizontalPodAutoscaler"),
            autoscaler => Assert.True(autoscaler.At("/spec/minReplicas")!.GetValue<int>() >= 2, autoscaler.Text("/metadata/name")));
    }

    [Theory]
    [InlineData("/spec/template/spec/containers/0/imagee", "\"x\"", "imagee")]
    [InlineData("/spec/template/spec/terminationGracePeriodSeconds", "\"long\"", "terminationGracePeriodSeconds")]
    [InlineData("/spec/selector", null, "selector")]
    public async Task What_kubernetes_would_refuse_is_found(string path, string? value, string named)
    {
        var manifests = Copy(await RenderAsync("production"));
        ManifestRules.Find(manifests, "Deployment", "wallet")!.Set(path, value);

        var broken = await Validators.CheckAsync("kubernetes", string.Join("\n---\n", manifests.Select(manifest => manifest.ToJsonString())));

        Assert.Contains(broken.Faults, fault => fault.Contains(named, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ConfigMap", "", "/kind", "\"Secret\"", "a secret's value is in the manifests")]
    [InlineData("NetworkPolicy", "deny-by-default", "/spec/ingress", "[{}]", "the network is open by default")]
    [InlineData("Ingress", "gateway-hubs", "/metadata/annotations/nginx.ingress.kubernetes.io~1enable-access-log", null, "explaino.example: its access log keeps the tokens of hubs")]
    [InlineData("Ingress", "gateway-hubs", "/spec/rules/0/http/paths/0/path", "\"/hub\"", "explaino.example: its access log keeps the tokens of hubs")]
    [InlineData("Deployment", "wallet", "/metadata/name", "\"purse\"", "wallet: has no Deployment")]
    [InlineData("Deployment", "wallet", "/spec/template/spec/containers/0/livenessProbe/httpGet/path", "\"/health\"", "wallet: is not probed")]
    [InlineData("Deployment", "wallet", "/spec/strategy/rollingUpdate/maxUnavailable", "1", "wallet: is unavailable while it is updated")]
    [InlineData("Deployment", "wallet", "/spec/template/spec/terminationGracePeriodSeconds", "30", "wallet: is killed before it has finished")]
    [InlineData("Deployment", "wallet", "/spec/template/spec/containers/0/lifecycle", null, "wallet: is killed before it has finished")]
    [InlineData("Deployment", "wallet", "/spec/template/spec/topologySpreadConstraints", null, "wallet: may run on one machine only")]
    [InlineData("Deployment", "wallet", "/spec/replicas", "1", "wallet: does not grow with its load")]
    [InlineData("Deployment", "wallet", "/spec/template/spec/volumes/1/secret/secretName", "\"wallet-migration\"", "wallet: knows another one's secrets")]
    [InlineData("Deployment", "jobs", "/spec/template/spec/volumes/0/emptyDir/sizeLimit", "\"40Mi\"", "jobs: has no room for its uploads")]
    [InlineData("Deployment", "jobs", "/spec/template/spec/volumes/0/emptyDir/sizeLimit", null, "jobs: has no room for its uploads")]
    [InlineData("Deployment", "wallet", "/spec/template/spec/securityContext/runAsNonRoot", "false", "wallet: runs with rights it does not need")]
    [InlineData("Deployment", "wallet", "/spec/template/spec/securityContext/seccompProfile", null, "wallet: runs with rights it does not need")]
    [InlineData("Deployment", "wallet", "/spec/template/spec/containers/0/securityContext/readOnlyRootFilesystem", "false", "wallet: runs in a container with rights it does not need")]
    [InlineData("Deployment", "wallet", "/spec/template/spec/containers/0/securityContext/capabilities", null, "wallet: runs in a container with rights it does not need")]
    [InlineData("Deployment", "wallet", "/spec/template/spec/containers/0/resources/limits/memory", null, "wallet: has no limits")]
    [InlineData("Deployment", "wallet", "/spec/template/spec/containers/0/image", "\"images.example/wallet:latest\"", "wallet: runs no certain version")]
    [InlineData("Deployment", "wallet", "/spec/template/spec/containers/0/env/0/name", "\"ConnectionStrings__walletdb\"", "wallet: has secrets in its environment")]
    [InlineData("Service", "identity", "/spec/ports/0/port", "8080", "identity: does not answer at http://identity")]
    [InlineData("Service", "identity", "/spec/selector/app.kubernetes.io~1name", "\"wallet\"", "identity: does not answer at http://identity")]
    [InlineData("HorizontalPodAutoscaler", "chat", "/spec/scaleTargetRef/name", "\"jobs\"", "chat: does not grow with its load")]
    [InlineData("PodDisruptionBudget", "chat", "/spec/selector/matchLabels/app.kubernetes.io~1name", "\"jobs\"", "chat: has no disruption budget")]
    [InlineData("NetworkPolicy", "chat", "/spec/podSelector/matchLabels/app.kubernetes.io~1name", "\"jobs\"", "chat: has no network policy")]
    [InlineData("NetworkPolicy", "chat", "/spec/ingress/0/from/0/namespaceSelector", "{}", "chat: is reached from outside")]
    [InlineData("NetworkPolicy", "chat", "/spec/ingress/0/from", "[]", "chat: is not reached as it should be")]
    [InlineData("NetworkPolicy", "chat", "/spec/egress/0/to/0/podSelector/matchLabels/explaino.dev~1database", "\"wallet\"", "chat: reaches more than its own database")]
    [InlineData("NetworkPolicy", "chat", "/spec/egress/2/to/0/podSelector/matchLabels/app.kubernetes.io~1name", "\"wallet\"", "chat: reaches another service than Identity")]
    [InlineData("NetworkPolicy", "jobs", "/spec/egress/3/ports/0/port", "80", "jobs: does not reach the file store")]
    [InlineData("Job", "jobs-migration", "/spec/template/spec/containers/0/image", "\"images.example/jobs:0.9.0\"", "jobs: is not migrated by the owner, with the same version")]
    [InlineData("Job", "jobs-migration", "/spec/template/spec/containers/0/securityContext", null, "jobs: its migration runs in a container with rights it does not need")]
    public async Task A_broken_promise_is_found(string kind, string name, string path, string? value, string fault)
    {
        var manifests = Copy(await RenderAsync("production"));
        manifests.Single(manifest => manifest.Text("/kind") == kind && (name.Length == 0 || manifest.Text("/metadata/name") == name)).Set(path, value);

        Assert.Contains(fault, ManifestRules.Faults(manifests));
    }

    private static Task<Checked> RenderAsync(string overlay) =>
        Rendered.GetOrAdd(overlay, name => new(async () => await Validators.CheckAsync("kubernetes", await Validators.RenderAsync(name)))).Value;

    private static List<JsonObject> Copy(Checked manifests) => [.. manifests.Documents.Select(manifest => manifest.DeepClone().AsObject())];
}
