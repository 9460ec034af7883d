using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Explaino.Security.Tests.Fuzz;

/// <summary>Cursors as somebody forges them who has read the source: the checksum is right, what it covers is not.</summary>
internal static class Cursors
{
    private static readonly string[] Payloads =
    [
        "{}", "null", "[]", "1", "\"x\"", "", "{\"Id\":null}", "{\"Id\":\"x\"}", "{\"Username\":\"a\\u0000\"}", "{\"Username\":null}", "{\"Username\":\"\\ud800\"}",
        "{\"CreatedAt\":\"2024-01-01T00:00:00+02:00\",\"Id\":\"00000000-0000-0000-0000-000000000001\"}", "{\"CreatedAt\":\"9999-12-31T23:59:59.9999999+00:00\"}",
        "{\"LastActivityAt\":\"2024-01-01T00:00:00+02:00\",\"Id\":\"00000000-0000-0000-0000-000000000001\",\"ChatId\":\"00000000-0000-0000-0000-000000000001\"}",
        "{\"Seq\":9223372036854775807,\"Forward\":true}", "{\"Seq\":-9223372036854775808}", "{\"Seq\":1e400}", "{\"Rank\":3.4e38}", "{\"Rank\":1e300}", "{\"IssueDate\":\"9999-12-31\"}",
        "{\"LikeCount\":2147483647,\"Snapshot\":\"1,1,1\",\"ReadAt\":\"2999-01-01T00:00:00+05:00\"}", "{\"LikeCount\":1,\"Snapshot\":\"9223372036854775807,1\",\"ReadAt\":\"2999-01-01T00:00:00Z\"}",
    ];

    // Lists whose name needs nothing to be known.
    private static readonly Dictionary<string, string[]> Lists = new()
    {
        ["/api/chats"] = ["chats"],
        ["/api/groups"] = ["groups"],
        ["/api/auth/sessions"] = ["sessions"],
        ["/api/users"] = ["users"],
        ["/api/wallet/transactions"] = ["transactions"],
        ["/api/jobs"] = [.. new[] { "null", "0", "1" }.Select(sort => $$"""jobs {"Q":null,"AuthorId":null,"EmploymentType":null,"Workplace":null,"Tag":null,"Location":null,"PostedAfter":null,"Open":null,"Sort":{{sort}},"Words":null}""")],
    };

    public static string Forge(Operation operation, Random random)
    {
        var names = Lists.GetValueOrDefault(operation.Path) ?? ["?"];
        var payload = Encoding.UTF8.GetBytes(Payloads[random.Next(Payloads.Length)]);
        return Forge(names[random.Next(names.Length)], payload);
    }

    private static string Forge(string list, byte[] payload) =>
        Base64Url.EncodeToString([.. SHA256.HashData([.. Encoding.UTF8.GetBytes(list), 0, .. payload])[..8], .. payload]);
}
