using Explaino.Bench.Limits;
using Explaino.Bench.Load;

namespace Explaino.Bench.Rows;

internal static class Sessions
{
    /// <summary>The administrator's, and every generated user's.</summary>
    public const string Password = "Admin-Passw0rd!";

    // Their tokens are spent here only: users 1 to 1000 ask in other rows, and pgbench rotates the tokens of 1001 to 5000.
    private const int FirstRefreshing = 5_001;

    public static IEnumerable<Row> Of(BenchSystem system, Data data)
    {
        var tokens = new string?[ClosedLoop.Connections];
        yield return new(
            "refresh", "the slower of pgbench rotating and a loop of ES256 signatures", 0.35,
            duration => ClosedLoop.Run(
                system.Port("gateway"),
                duration,
                index => Users.RefreshRequest(tokens[index] ?? Users.FirstRefreshToken(FirstRefreshing + index)),
                (index, answer) => tokens[index] = Users.RefreshTokenIn(answer)),
            duration => Slower(Pgbench.Run(system, "identity", "refresh.sql", duration, data.Rows), Cores.Sign(TimeSpan.FromSeconds(1))));
        yield return new(
            "login", "the bare password hash on all cores", 0.95,
            duration => ClosedLoop.Run(system.Port("gateway"), duration, _ => LogIn($"bench{Random.Shared.Next(1, data.Rows + 1)}@explaino.test")),
            Cores.HashPasswords);
    }

    public static byte[] LogIn(string email) => Request.Post("/api/auth/token", null, $$"""{"email":"{{email}}","password":"{{Password}}"}""");

    private static Sample Slower(Sample one, Sample other) => one.PerSecond < other.PerSecond ? one : other;
}
