using System.Text.Json.Nodes;

namespace Explaino.Deployment.Tests;

/// <summary>What deploy/compose.yaml promises beyond its schema; each sentence is a fault.</summary>
internal static class ComposeRules
{
    public static IEnumerable<string> Faults(JsonObject compose)
    {
        foreach (var (name, service) in compose["services"]!.AsObject())
        {
            foreach (var fault in Containment(compose, name, service!))
            {
                yield return $"{name}: {fault}";
            }
        }

        foreach (var fault in Publishing(compose.At("/services/gateway")))
        {
            yield return $"gateway: {fault}";
        }

        foreach (var service in Service.All)
        {
            foreach (var fault in Serving(compose, service))
            {
                yield return $"{service.Name}: {fault}";
            }
        }

        foreach (var service in Service.WithDatabase)
        {
            foreach (var fault in Migrating(compose, service))
            {
                yield return $"{service.Name}: {fault}";
            }
        }
    }

    private static IEnumerable<string> Containment(JsonObject compose, string name, JsonNode service)
    {
        if (service["ports"] is not null && name != "gateway")
        {
            yield return "publishes a port";
        }

        if (service.Text("/user") is not { } user || user.StartsWith('0') || user == "root")
        {
            yield return "runs as root";
        }

        if (service.Text("/cap_drop/0") != "ALL" || service.Text("/security_opt/0") != "no-new-privileges:true")
        {
            yield return "may gain privileges";
        }

        if (service["mem_limit"] is null)
        {
            yield return "has no memory limit";
        }

        if (service.Text("/logging/options/max-size") is null)
        {
            yield return "keeps its log without end";
        }

        var data = service.Items("/networks").Any(network => network.ToString() == "data");
        if (data == (name == "gateway"))
        {
            yield return data ? "reaches the databases" : "does not reach the databases";
        }

        if (name is "postgres" or "rabbitmq" && service["networks"]!.AsArray().Count > 1)
        {
            yield return "is on a network of others";
        }

        foreach (var (key, value) in service["environment"] as JsonObject ?? [])
        {
            if (key.StartsWith("ConnectionStrings", StringComparison.Ordinal) || (key.EndsWith("Password", StringComparison.Ordinal) && value is not null))
            {
                yield return $"has the secret {key} in its environment";
            }
        }

        foreach (var secret in service.Items("/secrets"))
        {
            if (compose["secrets"]![secret.GetValueKind() == System.Text.Json.JsonValueKind.String ? secret.ToString() : secret.Text("/source")!] is null)
            {
                yield return "wants a secret that is not declared";
            }
        }
    }

    private static IEnumerable<string> Publishing(JsonNode? gateway)
    {
        if (gateway.Items("/ports").Any(port => !port.ToString().StartsWith("${PUBLIC_BIND:-127.0.0.1}:", StringComparison.Ordinal)))
        {
            yield return "publishes plain HTTP beyond this machine";
        }

        if (gateway.Text("/environment/ForwardedHeaders__KnownNetworks__0")?.StartsWith("${PROXY_NETWORK:", StringComparison.Ordinal) != true)
        {
            yield return "knows no proxy";
        }
    }

    private static IEnumerable<string> Serving(JsonObject compose, Service service)
    {
        var container = compose.At($"/services/{service.Name}");
        if (container.Text("/read_only") != "true" || !container.Items("/tmpfs").Any())
        {
            yield return "can write to its image";
        }

        var temporary = Quantity.Bytes(container.Items("/tmpfs").Select(mount => mount.ToString()).SingleOrDefault(mount => mount.StartsWith("/tmp:size=", StringComparison.Ordinal))?[10..]);
        if (temporary < Quantity.Temporary || Quantity.Bytes(container.Text("/mem_limit")) < Quantity.Memory + temporary)
        {
            yield return "has no room for its uploads";
        }

        if (container.Items("/volumes").Any() != service.KeepsFiles || container.At("/environment/Storage__Folder") is not null != service.KeepsFiles)
        {
            yield return "does not keep files as the catalogue says";
        }

        if (container.Text("/user") != "1654:1654")
        {
            yield return "does not run as the image's user";
        }

        if (container.Text("/healthcheck/test/1") != $"/app/{service.Project}" || container.Text("/healthcheck/test/2") != "health")
        {
            yield return "is not asked for its health";
        }

        if (container.Text("/restart") != "unless-stopped")
        {
            yield return "is not restarted";
        }

        if (container.Text("/image") is not { } image || !image.Contains($"explaino/{service.Name}:${{{service.Name.ToUpperInvariant()}_VERSION:-", StringComparison.Ordinal))
        {
            yield return "has no version of its own";
        }

        if (compose.Text("/networks/services/internal") != "true" || compose.Text("/networks/data/internal") != "true")
        {
            yield return "is on a network that is open to outside";
        }
    }

    private static IEnumerable<string> Migrating(JsonObject compose, Service service)
    {
        var migrations = compose.At($"/services/{service.Name}-migrations");
        var container = compose.At($"/services/{service.Name}");
        if (migrations.Text("/command/0") != "migrate" || migrations.Text("/restart") != "no" || migrations.Text("/image") != container.Text("/image"))
        {
            yield return "has no migrations of the same image";
        }

        if (container.Text($"/depends_on/{service.Name}-migrations/condition") != "service_completed_successfully"
            || migrations.Text("/depends_on/provision/condition") != "service_completed_successfully")
        {
            yield return "does not wait for its migrations";
        }

        string?[] serving = [.. container.Items("/secrets").Select(secret => secret.Text("/source"))];
        if (!serving.Contains($"{service.Database}db") || serving.Any(secret => secret!.EndsWith("_owner", StringComparison.Ordinal)))
        {
            yield return "does not serve as the role that may change rows only";
        }

        if (migrations.Text("/secrets/0/source") != $"{service.Database}db_owner" || migrations.Items("/secrets").Count() != 1)
        {
            yield return "does not migrate as the owner";
        }
    }
}
