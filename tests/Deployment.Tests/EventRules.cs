using System.Text.Json.Nodes;

namespace Explaino.Deployment.Tests;

/// <summary>
/// What may become of an event that was released. Old and new versions of every service run side by side, so consumers of either version must
/// be able to read what publishers of either version send: a document may only gain optional members. Anything else is a new event, v2 beside v1.
/// </summary>
internal static class EventRules
{
    public static IEnumerable<string> Faults(JsonObject released, JsonObject? current)
    {
        var name = released.Text("/title");
        if (current is null)
        {
            yield return $"{name} is gone";
            yield break;
        }

        foreach (var identity in (string[])["x-exchange", "x-message-urn", "type"])
        {
            if (released[identity]?.ToString() != current[identity]?.ToString())
            {
                yield return $"{name}: {identity} has changed";
            }
        }

        foreach (var (member, schema) in released["properties"]!.AsObject())
        {
            if (current["properties"]![member] is not { } now)
            {
                yield return $"{name}: {member} is gone";
            }
            else if (!JsonNode.DeepEquals(WithoutWords(schema!), WithoutWords(now)))
            {
                yield return $"{name}: {member} has changed";
            }
        }

        var promised = released.Items("/required").Select(member => member.ToString()).ToHashSet();
        var promisedNow = current.Items("/required").Select(member => member.ToString()).ToHashSet();
        foreach (var member in promised.Except(promisedNow))
        {
            yield return $"{name}: {member} may now be absent";
        }

        foreach (var member in promisedNow.Except(promised))
        {
            yield return $"{name}: {member} is now required, and the released version does not send it";
        }
    }

    private static JsonObject WithoutWords(JsonNode schema)
    {
        var copy = schema.DeepClone().AsObject();
        copy.Remove("description");
        return copy;
    }
}
