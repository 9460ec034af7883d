using System.Text.Json.Nodes;

namespace Explaino.Deployment.Tests;

/// <summary>What the network policy of one service promises: who reaches it, and whom it reaches.</summary>
internal static class NetworkRules
{
    public static IEnumerable<string> Faults(JsonObject? policy, Service service)
    {
        if (policy.Text("/spec/podSelector/matchLabels/app.kubernetes.io~1name") != service.Name)
        {
            yield return "has no network policy";
            yield break;
        }

        var outside = policy.Items("/spec/ingress").SelectMany(rule => rule.Items("/from")).Any(from => from.At("/namespaceSelector") is not null || from.At("/ipBlock") is not null);
        if (outside != (service == Service.Gateway) || policy.Items("/spec/ingress").Any(rule => !rule.Items("/from").Any()))
        {
            yield return outside ? "is reached from outside" : "is not reached as it should be";
        }

        string[] databases = [.. policy.Items("/spec/egress").SelectMany(rule => rule.Items("/to")).Select(to => to.Text("/podSelector/matchLabels/explaino.dev~1database")).OfType<string>()];
        if (string.Join(' ', databases) != service.Database || policy.Items("/spec/egress").Any(rule => !rule.Items("/to").Any()))
        {
            yield return "reaches more than its own database";
        }

        var store = policy.Items("/spec/egress").Any(rule => rule.Items("/to").Any(to => to.At("/ipBlock") is not null) && rule.Text("/ports/0/port") == "443");
        if (store != service.KeepsFiles)
        {
            yield return store ? "reaches the file store and keeps no files" : "does not reach the file store";
        }

        var peers = policy.Items("/spec/egress").SelectMany(rule => rule.Items("/to")).Where(to => to.At("/namespaceSelector") is null && to.At("/ipBlock") is null);
        if (service != Service.Gateway && peers.Any(peer => peer.Text("/podSelector/matchLabels/app.kubernetes.io~1name") != "identity"))
        {
            yield return "reaches another service than Identity";
        }
    }
}
