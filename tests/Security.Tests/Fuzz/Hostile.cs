namespace Explaino.Security.Tests.Fuzz;

/// <summary>What nobody should send. None of it holds a word that the search for leaks looks for, so that an echo is no finding.</summary>
internal static class Hostile
{
    /// <summary>Text as it stands in JSON, escapes and all, without its quotes.</summary>
    public static readonly string[] Text =
    [
        "", " ", "\\u0000", "a\\u0000b", "\\ud800", "\\udc00x", "\\ud800\\ud800", "\\ufeff", "\\u202eabc", "\\u0085", "\\u2028", "\\u200b", "\\u001f", "\\u007f", "\\t", "\\r\\n", "\\n",
        "😀", "e\\u0301", "ﬀ", "ı", "İ", "ß", "Ω", "👩‍👩‍👧‍👦", "\\uffff", "\\ufdd0", "' OR '1'='1", "'; DROP TABLE users; --", "\\\\", "%", "_", "%00", "%s%n%x", "${7*7}", "{{7*7}}", "<script>alert(1)</script>",
        "../../../../etc/passwd", "..\\\\..\\\\", "file:///etc/passwd", "javascript:alert(1)", "http://", "http://a@b/", "https://[::1", "http://127.0.0.1:22/", "null", "true", "NaN", "-1", "0", "1e400",
        "0000-00-00", "2024-02-30", "9999-12-31", "0001-01-01", "9999-12-31T23:59:59.9999999Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2024-06-30T23:59:60Z", "2024-01-01T00:00:00", "+275760-09-13T00:00:00Z",
        "00000000-0000-0000-0000-000000000000", "{00000000-0000-0000-0000-000000000000}", "ffffffff-ffff-ffff-ffff-ffffffffffff", "00000000000000000000000000000000", "a@b", "a@b.c", "\\\"@b.c", "+49 151", "+000000000",
    ];

    /// <summary>JSON, or nearly.</summary>
    public static readonly string[] Tokens =
    [
        "null", "true", "false", "0", "-0", "-1", "1", "1.0", "1.5", "1e2", "1E400", "-1e400", "1e-400", "2147483647", "2147483648", "-2147483649", "9223372036854775807", "9223372036854775808", "123456789012345678901234567890",
        "NaN", "Infinity", "01", "0x10", "+1", "'x'", "undefined", "[]", "{}", "[null]", "[[]]", "{\"a\":1}", "\"\"", "\"x\"", "\"1\"", "[1,2", "{\"a\":", "\"unended", "/* */ 1", "1,", ",", "",
        Nested(31), Nested(40), Nested(5000), "{\"$ref\":\"#\"}", "{\"__proto__\":{\"roles\":[\"admin\"]}}", "{\"$type\":\"x\"}",
    ];

    /// <summary>For paths and queries, encoded as it is sent.</summary>
    public static readonly string[] Encoded =
    [
        "", "%00", "a%00b", "%ED%A0%80", "%FF", "%C0%AE", "%2e%2e", "%2F", "%5C", "..%2F..%2F", "%25", "%", "%zz", "%0d%0aX-Injected:1", "%20", "+", "%E2%80%AE", "%F0%9F%98%80", "%EF%BB%BF", "null", "undefined", "-1", "0", "101", "2147483648", "1e9", "NaN", "0x10", "1,2",
        "'", "%27%20OR%201=1--", "%22", "*", "%22a%22%22%22", "a%26b", "true", "True", "1", "-%22", "OR", "%22unended", "!(a|b)", "a:*", "-", "\\", "{}", "[]", "00000000-0000-0000-0000-000000000000", "{00000000-0000-0000-0000-000000000000}",
        "2024-01-01", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00%2B14:00", "2024-01-01T00:00:00", "newest", "popular", "full_time", "full_time%0a", new('a', 200), new('a', 2000), string.Concat(Enumerable.Repeat("%F0%9F%98%80", 200)),
    ];

    public static readonly (string Name, string Value)[] Headers =
    [
        ("If-Match", "*"), ("If-Match", "\"x\""), ("If-Match", "W/\"x\""), ("If-Match", "x"), ("If-Match", "\"unended"), ("If-Match", ",,,"), ("If-Match", new string('"', 500)),
        ("If-None-Match", "*"), ("If-None-Match", "W/"), ("If-None-Match", "\"a\", \"b\""), ("If-Modified-Since", "Thu, 01 Jan 1970 00:00:00 GMT"), ("If-Modified-Since", "never"), ("If-Range", "x"), ("If-Unmodified-Since", "0"),
        ("Range", "bytes=0-"), ("Range", "bytes=-1"), ("Range", "bytes=9-1"), ("Range", "bytes=99999999999999999999-"), ("Range", "bytes=0-0,1-1,2-2"), ("Range", "items=0-1"), ("Range", "bytes=x"), ("Range", "="),
        ("Accept", "image/png"), ("Accept", "garbage"), ("Accept", "*/*;q=9"), ("Accept", "application/ld+json"), ("Accept", ""), ("Accept-Encoding", "gzip;q=x"), ("Accept-Language", "xx-\u00e9"), ("Accept-Charset", "utf-7"),
        ("Idempotency-Key", ""), ("Idempotency-Key", "x"), ("Idempotency-Key", "00000000-0000-0000-0000-000000000000"), ("Idempotency-Key", new string('k', 5000)), ("Idempotency-Key", "\u00e9"),
        ("Content-Encoding", "gzip"), ("Content-Encoding", "identity"), ("Content-Encoding", "x"), ("Content-Language", "\u00e9"), ("Expect", "100-continue"), ("X-HTTP-Method-Override", "DELETE"), ("X-Original-URL", "/internal/revoked-sessions"),
        ("X-Forwarded-For", "\u00e9, 1.2.3.4, ::1"), ("X-Forwarded-Host", "attacker.example"), ("X-Forwarded-Proto", "gopher"), ("X-Forwarded-Prefix", "/../"), ("Forwarded", "for=\"_x\";proto=;"), ("traceparent", "00-zz-zz-00"),
        ("tracestate", new string('a', 2000)), ("baggage", "a=\u00e9,b=,=,"), ("Origin", "null"), ("Origin", "https://attacker.example"), ("Cookie", "a=b; =; ;"), ("User-Agent", "\u00e9\u00ff"), ("User-Agent", new string('u', 4000)), ("Prefer", "x"),
    ];

    public static readonly string?[] ContentTypes =
    [
        null, "", "text/plain", "application/xml", "application/json; charset=utf-16", "application/json; charset=iso-8859-1", "application/json; charset=x", "application/json;;", "application/merge-patch+json", "application/problem+json",
        "application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=x", "multipart/form-data; boundary=\"a b\"", "a", "*/*", "application/json, text/plain",
    ];

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);
}
