using Explaino.Bench.Limits;
using Explaino.Bench.Load;

namespace Explaino.Bench.Rows;

/// <summary>What is asked most.</summary>
internal static class Reads
{
    public static IEnumerable<Row> Of(BenchSystem system, Data data, Users users)
    {
        yield return new(
            "users/me", "a bare endpoint through the same gateway", 0.45,
            duration => Get(system, users, "gateway", duration, () => "/api/users/me"),
            duration => Bare(system, users, duration),
            Grows: true);
        yield return new(
            "users/me, statement", "pgbench of the same statements", null,
            duration => Get(system, users, "gateway", duration, () => "/api/users/me"),
            duration => Pgbench.Run(system, "identity", "users-me.sql", duration, data.Rows));
        yield return new(
            "20 jobs", "pgbench of the same statement", 0.35,
            duration => Get(system, users, "gateway", duration, () => "/api/jobs"),
            duration => Pgbench.Run(system, "jobboard", "list-jobs.sql", duration, data.Rows),
            Grows: true);
        yield return new(
            "full profile", "pgbench of the same statement", 0.45,
            duration => Get(system, users, "gateway", duration, () => $"/api/profiles/{Users.Id(Random.Shared.Next(1, data.Rows + 1))}"),
            duration => Pgbench.Run(system, "profile", "full-profile.sql", duration, data.Rows),
            Grows: true);
        yield return new(
            "gateway", "the same upstream (users/me) direct", 0.8,
            duration => Get(system, users, "gateway", duration, () => "/api/users/me"),
            duration => Get(system, users, "identity", duration, () => "/api/users/me"));
        yield return new(
            "gateway, nginx", "the same upstream (users/me) behind nginx", 0.6,
            duration => Get(system, users, "gateway", duration, () => "/api/users/me"),
            duration => Get(system, users, "nginx", duration, () => "/api/users/me"));
    }

    /// <summary>An endpoint that does nothing, through the gateway.</summary>
    public static Sample Bare(BenchSystem system, Users users, TimeSpan duration) => Get(system, users, "gateway", duration, () => "/bare/me");

    public static Sample Get(
        BenchSystem system, Users users, string server, TimeSpan duration, Func<string> path, int connections = ClosedLoop.Connections) =>
        ClosedLoop.Run(system.Port(server), duration, _ => Request.Get(path(), users.TokenOf(Users.Anyone())), connections: connections);
}
