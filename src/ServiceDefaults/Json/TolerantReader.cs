using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Explaino.ServiceDefaults.Json;

/// <summary>Reads a value without the members that cannot be read, and says which those are, so that one of them does not hide what is wrong with the others.</summary>
internal static partial class TolerantReader
{
    /// <summary>More than this nobody gets wrong by mistake. Each costs another reading, so that of a large body there are fewer (docs/adr/0051).</summary>
    private const int MaximumErrors = 50;

    private const int MaximumWork = MaximumErrors * BufferedBody.UsualSize;

    /// <param name="node">Loses what cannot be read; an element of a list becomes null instead, so that the others keep their places.</param>
    /// <param name="size">Its bytes.</param>
    /// <returns>The value, null if not even the rest can be read; and wire paths to sentences.</returns>
    public static (object? Value, Dictionary<string, string[]> Unreadable) Read(JsonNode node, Type type, JsonSerializerOptions json, int size)
    {
        var unreadable = new Dictionary<string, string[]>();
        while (unreadable.Count < Math.Min(MaximumErrors, MaximumWork / Math.Max(size, 1)))
        {
            try
            {
                return (node.Deserialize(type, json), unreadable);
            }
            catch (JsonException e) when (e.Path?.TrimStart('$') is { Length: > 0 } path && TryRemove(node, path))
            {
                if (!unreadable.TryAdd(JsonMemberPath.OfJsonPath(path), [FormatHint.Of(TypeAt(type, path, json))]))
                {
                    break;
                }
            }
            catch (InvalidOperationException halfCharacter)
            {
                // Text with half a surrogate pair cannot be written again.
                throw new JsonException("A member holds broken text.", halfCharacter);
            }
        }

        return (null, unreadable);
    }

    /// <summary>The type of the member that a JSON path leads to, if that is known.</summary>
    public static Type? TypeAt(Type? type, string path, JsonSerializerOptions json)
    {
        foreach (Match segment in Segment().Matches(path))
        {
            if (type is null)
            {
                return null;
            }

            var (info, listed) = (json.GetTypeInfo(type), IListBody.ElementOf(type));
            type = segment.Groups["index"].Success
                ? info.ElementType
                : listed is not null ? typeof(List<>).MakeGenericType(listed)
                : info.Properties.FirstOrDefault(property => property.Name == segment.Groups["name"].Value)?.PropertyType;
        }

        return type;
    }

    private static bool TryRemove(JsonNode root, string path)
    {
        var segments = Segment().Matches(path);
        var node = root;
        foreach (var segment in segments.SkipLast(1))
        {
            node = node switch
            {
                JsonObject members => members[segment.Groups["name"].Value],
                JsonArray items when int.TryParse(segment.Groups["index"].Value, out var index) && index < items.Count => items[index],
                _ => null,
            };
        }

        switch (node)
        {
            case JsonObject members:
                return members.Remove(segments[^1].Groups["name"].Value);
            case JsonArray items when int.TryParse(segments[^1].Groups["index"].Value, out var last) && last < items.Count && items[last] is not null:
                items[last] = null;
                return true;
            default:
                return false;
        }
    }

    [GeneratedRegex(@"\[(?<index>\d+)\]|\['(?<name>[^']*)'\]|\.?(?<name>[^.\[\]]+)")]
    private static partial Regex Segment();
}
