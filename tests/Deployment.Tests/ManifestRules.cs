using System.Text.Json.Nodes;

namespace Explaino.Deployment.Tests;

/// <summary>What the rendered manifests promise beyond their schemas; each sentence is a fault.</summary>
internal static class ManifestRules
{
    /// <summary>How long a process may take to finish what is in flight (ServiceDefaults' shutdown timeout), in seconds.</summary>
    private const int Shutdown = 25;

    public static IEnumerable<string> Faults(IReadOnlyList<JsonObject> manifests)
    {
        if (manifests.Any(manifest => manifest.Text("/kind") == "Secret"))
        {
            yield return "a secret's value is in the manifests";
        }

        var everything = Find(manifests, "NetworkPolicy", "deny-by-default")?.At("/spec");
        if (everything?["podSelector"] is not JsonObject { Count: 0 } || everything["policyTypes"]!.AsArray().Count != 2
            || everything["ingress"] is not null || everything["egress"] is not null)
        {
            yield return "the network is open by default";
        }

        foreach (var fault in HubLogs(manifests))
        {
            yield return fault;
        }

        foreach (var service in Service.All)
        {
            IEnumerable<string> faults = [.. Serving(manifests, service), .. NetworkRules.Faults(Find(manifests, "NetworkPolicy", service.Name), service), .. Migration(manifests, service)];
            foreach (var fault in faults)
            {
                yield return $"{service.Name}: {fault}";
            }
        }
    }

    public static JsonObject? Find(IEnumerable<JsonObject> manifests, string kind, string name) =>
        manifests.SingleOrDefault(manifest => manifest.Text("/kind") == kind && manifest.Text("/metadata/name") == name);

    /// <summary>A hub's address may hold an access token: on every host, the most special path that leads there is one without an access log.</summary>
    private static IEnumerable<string> HubLogs(IReadOnlyList<JsonObject> manifests) =>
        from path in
            from ingress in manifests
            where ingress.Text("/kind") == "Ingress"
            from rule in ingress.Items("/spec/rules")
            from path in rule.Items("/http/paths")
            where path.Text("/path") is { } prefix && "/hubs/".StartsWith(prefix.TrimEnd('/') + '/', StringComparison.Ordinal)
            select (Ingress: ingress, Host: rule.Text("/host"), Prefix: path.Text("/path")!)
        group path by path.Host into host
        let nearest = host.MaxBy(path => path.Prefix.Length)
        where nearest.Ingress.Text("/metadata/annotations/nginx.ingress.kubernetes.io~1enable-access-log") != "false"
        select $"{host.Key}: its access log keeps the tokens of hubs";

    private static IEnumerable<string> Serving(IReadOnlyList<JsonObject> manifests, Service service)
    {
        if (Find(manifests, "Deployment", service.Name) is not { } deployment)
        {
            yield return "has no Deployment";
            yield break;
        }

        var pod = deployment.At("/spec/template/spec");
        var container = pod.At("/containers/0");
        var labels = deployment.At("/spec/template/metadata/labels");
        foreach (var fault in Containment(pod))
        {
            yield return fault;
        }

        if (container.Text("/livenessProbe/httpGet/path") != "/alive" || container.Text("/startupProbe/httpGet/path") != "/alive"
            || container.Text("/readinessProbe/httpGet/path") != "/health")
        {
            yield return "is not probed";
        }

        if (deployment.Text("/spec/strategy/rollingUpdate/maxUnavailable") != "0")
        {
            yield return "is unavailable while it is updated";
        }

        var sleep = container.At("/lifecycle/preStop/sleep/seconds")?.GetValue<int>() ?? 0;
        if (sleep < 5 || pod.At("/terminationGracePeriodSeconds")?.GetValue<int>() is not { } grace || grace < sleep + Shutdown + 5)
        {
            yield return "is killed before it has finished";
        }

        if (!pod.Items("/topologySpreadConstraints").Any() || pod.Items("/topologySpreadConstraints").Any(spread => !Selects(spread.At("/labelSelector/matchLabels"), labels)))
        {
            yield return "may run on one machine only";
        }

        if (!Selects(Find(manifests, "Service", service.Name).At("/spec/selector"), labels)
            || Find(manifests, "Service", service.Name).Text("/spec/ports/0/port") != "80"
            || Find(manifests, "Service", service.Name).Text("/spec/ports/0/targetPort") != container.Text("/ports/0/name"))
        {
            yield return $"does not answer at http://{service.Name}";
        }

        if (Find(manifests, "HorizontalPodAutoscaler", service.Name).Text("/spec/scaleTargetRef/name") != service.Name || deployment.At("/spec/replicas") is not null)
        {
            yield return "does not grow with its load";
        }

        if (!Selects(Find(manifests, "PodDisruptionBudget", service.Name).At("/spec/selector/matchLabels"), labels))
        {
            yield return "has no disruption budget";
        }

        if (Quantity.Bytes(pod.Items("/volumes").SingleOrDefault(volume => volume.Text("/name") == "tmp").Text("/emptyDir/sizeLimit")) < Quantity.Temporary)
        {
            yield return "has no room for its uploads";
        }

        if (pod.At("/volumes")!.AsArray().Any(volume => volume.Text("/secret/secretName") is { } secret && secret != service.Name))
        {
            yield return "knows another one's secrets";
        }
    }

    private static IEnumerable<string> Containment(JsonNode? pod)
    {
        var container = pod.At("/containers/0");
        if (pod.Text("/securityContext/runAsNonRoot") != "true" || pod.Text("/securityContext/seccompProfile/type") != "RuntimeDefault"
            || pod.Text("/automountServiceAccountToken") != "false")
        {
            yield return "runs with rights it does not need";
        }

        if (container.Text("/securityContext/readOnlyRootFilesystem") != "true" || container.Text("/securityContext/allowPrivilegeEscalation") != "false"
            || container.Text("/securityContext/capabilities/drop/0") != "ALL")
        {
            yield return "runs in a container with rights it does not need";
        }

        if (new[] { "requests", "limits" }.Any(kind => container.At($"/resources/{kind}/cpu") is null || container.At($"/resources/{kind}/memory") is null))
        {
            yield return "has no limits";
        }

        if (container.Text("/image") is not { } image || !image.Contains(':', StringComparison.Ordinal) || image.EndsWith(":latest", StringComparison.Ordinal))
        {
            yield return "runs no certain version";
        }

        if (container.Items("/env").Any(variable => variable.Text("/name") is { } name && (name.Contains("ConnectionStrings", StringComparison.Ordinal) || name.Contains("Password", StringComparison.Ordinal))))
        {
            yield return "has secrets in its environment";
        }
    }

    private static IEnumerable<string> Migration(IReadOnlyList<JsonObject> manifests, Service service)
    {
        var pod = Find(manifests, "Job", $"{service.Name}-migration").At("/spec/template/spec");
        if (service == Service.Gateway)
        {
            yield break;
        }

        if (pod.Text("/containers/0/args/0") != "migrate"
            || pod.Text("/containers/0/image") != Find(manifests, "Deployment", service.Name).Text("/spec/template/spec/containers/0/image")
            || !pod.Items("/volumes").Any(volume => volume.Text("/secret/secretName") == $"{service.Name}-migration"))
        {
            yield return "is not migrated by the owner, with the same version";
        }

        foreach (var fault in Containment(pod))
        {
            yield return $"its migration {fault}";
        }
    }

    private static bool Selects(JsonNode? selector, JsonNode? labels) =>
        selector is JsonObject { Count: > 0 } wanted && wanted.All(label => labels?[label.Key]?.ToString() == label.Value?.ToString());
}
