using System.Text;
using System.Text.Json;

namespace Explaino.Bench.Load;

/// <summary>An answer that is read, which the closed loops do not.</summary>
internal static class Answer
{
    public static JsonElement Ask(this HttpConnection connection, byte[] request)
    {
        var status = connection.Exchange(request);
        var body = Encoding.UTF8.GetString(connection.Body);
        return status is >= 200 and < 300
            ? JsonDocument.Parse(body[body.IndexOf('{')..(body.LastIndexOf('}') + 1)]).RootElement
            : throw new InvalidOperationException($"{Encoding.UTF8.GetString(request).Split('\n')[0]} was answered {status}: {body}");
    }
}
