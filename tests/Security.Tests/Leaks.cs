using System.Text.RegularExpressions;
using Explaino.Testing;

namespace Explaino.Security.Tests;

/// <summary>What no answer may tell: what the programs are made of, what they ask of others, and where on their machine they lie.</summary>
internal static partial class Leaks
{
    private static readonly string Here = Repository.Root + '/';

    public static IEnumerable<string> In(string text)
    {
        var found = Inside().Matches(text).Select(match => match.Value).Distinct();
        return text.Contains(Here, StringComparison.Ordinal) ? found.Append(Here) : found;
    }

    [GeneratedRegex(@"\bat [A-Z]\w+(\.\w+)+|\.cs:line|Exception|StackTrace|Npgsql|Microsoft\.|System\.[A-Z]|Explaino\.[A-Z]|SELECT |INSERT INTO|relation ""|/(src|home|root|tmp|opt|usr|var)/|Host=|Password=|localhost:5|Kestrel|MassTransit|RabbitMQ")]
    private static partial Regex Inside();
}
