using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Explaino.Testing;

namespace Explaino.Security.Tests;

/// <summary>requests.http, which newcomers send from their editor, works from top to bottom.</summary>
public sealed partial class RequestsFileTests(SecuritySystem system)
{
    [Fact]
    public async Task Every_request_is_answered_as_its_title_says()
    {
        var text = (await File.ReadAllTextAsync(Repository.PathTo("requests.http"))).Replace("{{api}}", "/api");
        var answers = new Dictionary<string, JsonNode?>();
        var sent = 0;
        foreach (Match part in Part().Matches(text))
        {
            var body = await SendAsync(part.Groups["title"].Value, Fill(part.Groups["request"].Value, answers), (HttpStatusCode)int.Parse(part.Groups["status"].Value));
            answers[part.Groups["name"].Value] = body;
            sent++;
        }

        Assert.Equal(text.Split("\n### ").Length - 1, sent);
    }

    private async Task<JsonNode?> SendAsync(string title, string text, HttpStatusCode expected)
    {
        JsonNode? body = null;
        await Eventually.TrueAsync(async () =>
        {
            using var response = await system.Gateway.SendAsync(Request(text));
            var answer = await response.Content.ReadAsStringAsync();
            body = answer.StartsWith('{') ? JsonNode.Parse(answer) : null;

            // What is made a moment later, by an event, says when to ask again.
            var wait = response.StatusCode == HttpStatusCode.NotFound && response.Headers.RetryAfter is not null;
            Assert.True(wait || response.StatusCode == expected, $"{title}: {response.StatusCode} {answer}");
            return !wait;
        });
        return body;
    }

    private static HttpRequestMessage Request(string text)
    {
        var (head, body) = text.Split("\n\n", 2) is [var before, var after] ? (before, after.TrimEnd()) : (text.TrimEnd(), null);
        var lines = head.Split('\n');
        var start = lines[0].Split(' ', 2);
        var request = new HttpRequestMessage(new HttpMethod(start[0]), start[1]);
        foreach (var header in lines[1..].Select(line => line.Split(": ", 2)))
        {
            if (header[0] == "Content-Type" && body is not null)
            {
                request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(header[1].StartsWith("multipart", StringComparison.Ordinal) ? body.Replace("\n", "\r\n") : body));
                request.Content.Headers.TryAddWithoutValidation(header[0], header[1]);
            }
            else
            {
                request.Headers.Add(header[0], header[1]);
            }
        }

        return request;
    }

    private static string Fill(string request, Dictionary<string, JsonNode?> answers) => Variable().Replace(
        request,
        variable => variable.Value == "{{$guid}}"
            ? Guid.CreateVersion7().ToString()
            : Step().Matches(variable.Groups["path"].Value).Aggregate(
                answers[variable.Groups["name"].Value],
                (node, step) => step.Groups["index"].Success ? node![int.Parse(step.Groups["index"].Value)] : node![step.Groups["member"].Value])!.ToString());

    [GeneratedRegex(@"^### (?<title>.+) → (?<status>\d{3})\n(?:# @name (?<name>\w+)\n)?(?<request>[A-Z]+ [^#]*)", RegexOptions.Multiline)]
    private static partial Regex Part();

    [GeneratedRegex(@"\{\{(?:\$guid|(?<name>\w+)\.response\.body\.\$(?<path>[^}]+))\}\}")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\.(?<member>\w+)|\[(?<index>\d+)\]")]
    private static partial Regex Step();
}
