using System.Text.RegularExpressions;
using Explaino.Testing;

namespace Explaino.Security.Tests;

/// <summary>The routes of docs/contract.md: the first column of its tables of calls, written <c>METHOD, METHOD `/path?query=`</c>.</summary>
public static partial class Contract
{
    /// <summary>Every list takes these two; the tables do not repeat them.</summary>
    private static readonly string[] Paging = ["limit", "cursor"];

    public static IReadOnlyList<string> Routes() => RoutesOf(File.ReadAllLines(Repository.PathTo("docs", "contract.md")));

    public static IReadOnlyList<string> RoutesOf(IReadOnlyList<string> lines)
    {
        var collections = lines.Select(line => Collections().Match(line)).Single(match => match.Success).Groups[1].Value.Split(", ");
        return [.. Calls(lines).SelectMany(Read).SelectMany(route => collections.Select(name => route.Replace("{collection}", name))).Distinct().Order()];
    }

    /// <summary>An operation of the OpenAPI documents in the contract's form.</summary>
    public static string RouteOf(Operation operation)
    {
        var query = from parameter in operation.Description["parameters"]?.AsArray() ?? []
                    where (string)parameter!["in"]! == "query"
                    select (string)parameter["name"]!;
        return Route(operation.Method, operation.Path, query);
    }

    private static IEnumerable<string> Calls(IReadOnlyList<string> lines)
    {
        var calls = false;
        foreach (var line in lines)
        {
            calls = line.StartsWith("| call |", StringComparison.Ordinal) || (calls && line.StartsWith('|'));
            if (calls)
            {
                yield return line.Split('|')[1];
            }
        }
    }

    private static IEnumerable<string> Read(string cell)
    {
        if (Call().Replace(cell, "").Contains("`/", StringComparison.Ordinal))
        {
            throw new FormatException($"A path without its methods: {cell}");
        }

        return from call in Call().Matches(cell)
               from method in call.Groups["methods"].Value.Split(", ")
               select Route(method, call.Groups["path"].Value, call.Groups["query"].Value.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(parameter => parameter.Split('=')[0]));
    }

    private static string Route(string method, string path, IEnumerable<string> query)
    {
        var names = query.Except(Paging).Order(StringComparer.Ordinal).ToList();
        return $"{method} {path}{(names.Count == 0 ? "" : "?")}{string.Join('&', names)}";
    }

    [GeneratedRegex(@"(?<methods>[A-Z]+(?:, [A-Z]+)*) `(?<path>/[^`?]+)(?:\?(?<query>[^`]*))?`")]
    private static partial Regex Call();

    [GeneratedRegex(@"^`\{collection\}`: `([a-z, -]+)`")]
    private static partial Regex Collections();
}
