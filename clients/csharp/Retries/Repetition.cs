using System.Text.RegularExpressions;

namespace Explaino.Client;

/// <summary>Repetition: which calls do nothing more when they are sent twice (docs/contract.md#1-conventions). Only those are sent again when their answer was lost.</summary>
internal static partial class Repetition
{
    public const string Key = "Idempotency-Key";

    /// <summary>The POSTs that take a key; a test holds them against the released document.</summary>
    public static readonly string[] Keyed =
    [
        "/api/attachments", "/api/jobs", "/api/jobs/{id}/comments", "/api/moderation/cases/{id}/decision",
        "/api/wallet/transfers", "/api/wallets/{user_id}/awards", "/api/wallets/{user_id}/deductions",
    ];

    private static readonly Regex TakingKey = new($"^({string.Join('|', Keyed.Select(path => Parameter().Replace(path, "[^/]+")))})$", RegexOptions.CultureInvariant);

    public static bool TakesKey(HttpRequestMessage request) => request.Method == HttpMethod.Post && TakingKey.IsMatch(PathOf(request));

    /// <summary>A message counts among them because each has its sender's id (<see cref="SendMessageRequest"/>); a condition that held for the first does not for the second.</summary>
    public static bool IsHarmless(HttpRequestMessage request) => request.Method == HttpMethod.Post
        ? request.Headers.Contains(Key) || WithoutKey().IsMatch(PathOf(request))
        : request.Headers.IfMatch.Count == 0;

    public static bool IsRefresh(HttpRequestMessage request) => PathOf(request) == "/api/auth/token/refresh";

    private static string PathOf(HttpRequestMessage request) => request.RequestUri!.AbsolutePath;

    // These read, or there is one of each.
    [GeneratedRegex("^/api/(sync|chats|auth/(token|token/refresh|logout|password/forgot)|(chats|groups)/[^/]+/messages|.+/reports)$")]
    private static partial Regex WithoutKey();

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Parameter();
}
