using System.Text;

namespace Explaino.Security.Tests.Hub;

/// <summary>What a hub should never hear; each is what goes over the wire after a good handshake.</summary>
internal static class HostileMessages
{
    private static readonly string[] Targets =
        ["", "Nothing", "sendmessage", "SendMessage", "Typing", "MarkRead", "Renew", "OnConnectedAsync", "OnDisconnectedAsync", "Dispose", "ToString", "GetType", "get_Context", "MessageReceived", "\\u0000"];

    private static readonly string[] Arguments =
    [
        "", "null", "{}", "[]", "1", "\"x\"", "{},{}", "{\"content\":\"x\"}", "{\"chat_id\":\"x\",\"content\":\"x\"}", "{\"chat_id\":null,\"group_id\":null}", "{\"chat_id\":1,\"group_id\":true,\"content\":[]}",
        "{\"chat_id\":\"00000000-0000-0000-0000-000000000000\",\"content\":\"x\"}", "{\"chat_id\":\"00000000-0000-0000-0000-000000000000\",\"group_id\":\"00000000-0000-0000-0000-000000000000\",\"content\":\"x\"}",
        "{\"chat_id\":\"00000000-0000-0000-0000-000000000000\",\"content\":\"\\u0000\"}", "{\"chat_id\":\"00000000-0000-0000-0000-000000000000\",\"content\":\"\\ud800\"}", "{\"chat_id\":\"a\",\"chat_id\":\"b\"}",
        "{\"group_id\":\"00000000-0000-0000-0000-000000000000\",\"message_id\":\"00000000-0000-0000-0000-000000000000\"}", "{\"__proto__\":1,\"$type\":\"x\"}", new string('[', 200) + new string(']', 200), "1e400", "NaN",
        $"{{\"content\":\"{new string('x', 20_000)}\"}}", "\"eyJhbGciOiJub25lIn0.e30.\"",
    ];

    private static readonly string[] Wholes =
    [
        "", "{", "}", "null", "[]", "1", "\"x\"", "{}", "x", "{\"type\":null}", "{\"type\":\"1\"}", "{\"type\":-1}", "{\"type\":99}", "{\"type\":1e400}", "{\"type\":1.5}", "{\"type\":1}", "{\"type\":1,\"type\":6}", "{\"type\":1,\"target\":1}",
        "{\"type\":1,\"target\":\"SendMessage\"}", "{\"type\":1,\"target\":\"SendMessage\",\"arguments\":{}}", "{\"type\":1,\"arguments\":[{}]}", "{\"type\":2,\"invocationId\":\"1\",\"item\":{}}", "{\"type\":3,\"invocationId\":\"1\",\"result\":{}}",
        "{\"type\":3,\"invocationId\":\"1\",\"result\":1,\"error\":\"x\"}", "{\"type\":4,\"invocationId\":\"1\",\"target\":\"SendMessage\",\"arguments\":[{}]}", "{\"type\":5,\"invocationId\":\"1\"}", "{\"type\":5}", "{\"type\":6,\"x\":1}",
        "{\"type\":7}", "{\"type\":7,\"error\":\"x\",\"allowReconnect\":true}", "{\"type\":8,\"sequenceId\":-1}", "{\"type\":9}", "{\"type\":1,\"invocationId\":5,\"target\":\"Typing\",\"arguments\":[{}]}", "{\"protocol\":\"json\",\"version\":1}",
        "{\"type\":1,\"invocationId\":\"1\",\"streamIds\":[\"1\"],\"target\":\"SendMessage\",\"arguments\":[]}", "{\"type\":1,\"headers\":{\"a\":1},\"target\":\"Typing\",\"arguments\":[{}]}", "\ufeff{\"type\":6}", "{\"type\":6}\u0000", "{'type':6}",
        $"{{\"type\":1,\"invocationId\":\"{new string('i', 10_000)}\",\"target\":\"x\",\"arguments\":[]}}", new string('[', 10_000), new string('x', 40_000), $"{{\"type\":6,\"x\":\"{new string('x', 200_000)}\"}}", new string('\u001e', 3000),
    ];

    private static readonly byte[][] RawFrames =
    [
        Frames.Of(3, []), Frames.Of(7, [1]), Frames.Of(11, []), Frames.Of(15, [1, 2]), Frames.Of(Frames.Text, "{\"type\":6}\u001e"u8.ToArray(), reserved: 4), Frames.Of(Frames.Text, [], reserved: 7), Frames.Of(0, [1]),
        Frames.Of(Frames.Text, "{\"type\":6}\u001e"u8.ToArray(), masked: false), Frames.Of(9, new byte[126]), Frames.Of(9, [1], last: false), Frames.Of(8, [0]), Frames.Of(8, [0, 0]), Frames.Of(8, [0x03, 0xED]), Frames.Of(8, [0xFF, 0xFF, 0xFF]),
        Frames.Of(8, [0x03, 0xE8, 0xC0, 0x80]), Frames.Of(10, new byte[50]), Frames.Announcing(1ul << 40), Frames.Announcing(1ul << 63), Frames.Announcing(ulong.MaxValue), Frames.Of(Frames.Text, [0xC0, 0x80, 0x1e]),
        Frames.Of(Frames.Text, [0xED, 0xA0, 0x80, 0x1e]), Frames.Of(Frames.Text, [0xFF, 0xFE, 0x1e]), Frames.Of(Frames.Binary, [0x93, 0x01, 0x80, 0x1e]), Frames.Of(Frames.Binary, new byte[5000]), Frames.Of(Frames.Text, [1], last: false),
        Frames.Split("{\"type\":6}\u001e"u8.ToArray()), [.. Frames.Of(Frames.Text, [1], last: false), .. Frames.Of(Frames.Text, [2])], "GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), [0], [0xFF, 0xFF, 0xFF, 0xFF],
    ];

    /// <summary>Instead of a good handshake.</summary>
    public static readonly string[] Handshakes =
    [
        "{}\u001e", "\u001e", "x\u001e", "{\"protocol\":\"messagepack\",\"version\":1}\u001e", "{\"protocol\":\"json\",\"version\":99}\u001e", "{\"protocol\":\"json\",\"version\":-1}\u001e", "{\"protocol\":1,\"version\":\"x\"}\u001e",
        "{\"protocol\":\"json\"}\u001e", "{\"protocol\":\"\u0000\",\"version\":1}\u001e", "{\"type\":6}\u001e", "[]\u001e", "null\u001e", new string('x', 50_000), $"{{\"protocol\":\"{new string('x', 30_000)}\",\"version\":1}}\u001e",
    ];

    /// <summary>What good clients say first.</summary>
    public const string Handshake = "{\"protocol\":\"json\",\"version\":1}\u001e";

    public static byte[] Make(Random random) => random.Next(5) switch
    {
        0 => RawFrames[random.Next(RawFrames.Length)],
        1 => Frames.Of(Wholes[random.Next(Wholes.Length)] + "\u001e"),
        2 => Frames.Split(Encoding.UTF8.GetBytes(Invocation(random) + "\u001e")),
        3 => Frames.Of(Frames.Binary, Encoding.UTF8.GetBytes(Invocation(random) + "\u001e")),
        _ => Frames.Of(Invocation(random) + "\u001e"),
    };

    private static string Invocation(Random random) =>
        $"{{\"type\":1,\"invocationId\":\"{random.Next()}\",\"target\":\"{Targets[random.Next(Targets.Length)]}\",\"arguments\":[{Arguments[random.Next(Arguments.Length)]}]}}";
}
