using System.Text;
using System.Text.Json;

namespace Explaino.ServiceDefaults.Json;

/// <summary>JSON paths to members, as the client knows them: <c>Images[2].Url</c> becomes <c>images[2].url</c>.</summary>
internal static class JsonMemberPath
{
    public static string Of(string path) =>
        string.Join('.', path.Split('.').Select(segment =>
        {
            var index = segment.IndexOf('[', StringComparison.Ordinal);
            var (name, rest) = index < 0 ? (segment, "") : (segment[..index], segment[index..]);
            return JsonNamingPolicy.SnakeCaseLower.ConvertName(name) + rest;
        }));

    /// <summary>A <see cref="JsonException.Path"/> without its root: members are wire names already, some of them in <c>['…']</c>.</summary>
    public static string OfJsonPath(string path) =>
        new StringBuilder(path).Replace("['", ".").Replace("']", "").ToString().TrimStart('.');
}
