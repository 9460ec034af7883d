using System.Buffers.Text;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Explaino.Bench.Load;

/// <summary>The generated users with their tokens, which are got by refreshing, so that no password is hashed for them.</summary>
internal sealed class Users(BenchSystem system)
{
    /// <summary>How many users ask in the closed loops.</summary>
    public const int Asking = 64;

    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(8);
    private readonly Dictionary<int, Tokens> _tokens = [];

    public static Guid Id(int number) => Guid.Parse($"01900000-0000-7000-8000-{100_000_000_000 + number}");

    public static int Anyone() => Random.Shared.Next(1, Asking + 1);

    public static string FirstRefreshToken(int number) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"refresh {number}")));

    public string TokenOf(int number) => _tokens[number].Access;

    /// <summary>Sees to it that the users 1 to <paramref name="count"/> have access tokens that last for the next minutes.</summary>
    public void Prepare(int count = Asking)
    {
        using var connection = new HttpConnection(system.Port("identity"));
        for (var number = 1; number <= count; number++)
        {
            var known = _tokens.GetValueOrDefault(number);
            if (known is null || Stopwatch.GetElapsedTime(known.MadeAt) > Freshness)
            {
                _tokens[number] = Refresh(connection, known?.Refresh ?? FirstRefreshToken(number));
            }
        }
    }

    /// <summary>To be called when the sessions' refresh tokens were replaced.</summary>
    public void Forget() => _tokens.Clear();

    public static byte[] RefreshRequest(string token) => Request.Post("/api/auth/token/refresh", null, $$"""{"refresh_token":"{{token}}"}""");

    public static string RefreshTokenIn(HttpConnection answer)
    {
        var body = answer.Body;
        body = body[(body.IndexOf("\"refresh_token\":\""u8) + "\"refresh_token\":\"".Length)..];
        return Encoding.UTF8.GetString(body[..body.IndexOf((byte)'"')]);
    }

    private static Tokens Refresh(HttpConnection connection, string token)
    {
        var json = connection.Ask(RefreshRequest(token));
        return new(json.GetProperty("access_token").GetString()!, json.GetProperty("refresh_token").GetString()!, Stopwatch.GetTimestamp());
    }

    private sealed record Tokens(string Access, string Refresh, long MadeAt);
}
