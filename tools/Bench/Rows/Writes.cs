using Explaino.Bench.Limits;
using Explaino.Bench.Load;

namespace Explaino.Bench.Rows;

internal static class Writes
{
    private const string Job =
        """{"title":"Engineer wanted","description":"We explain what we build, and build what we can explain. Come and explain it with us.","company":"Explaino","location":"Here","employment_type":"full_time","workplace":"remote","tags":["dotnet","postgres"]}""";

    public static IEnumerable<Row> Of(BenchSystem system, Data data, Users users)
    {
        yield return new(
            "transfer", "one statement of pgbench that writes the same rows", 0.45,
            duration => Transfer(system, users, duration, () => Random.Shared.Next(Users.Asking + 1, data.Rows + 1)),
            duration => Pgbench.Run(system, "wallet", "transfer.sql", duration, data.Rows),
            Grows: true);
        yield return new(
            "transfer, hot wallet", "one statement of pgbench that writes the same rows", 0.45,
            duration => Transfer(system, users, duration, () => Users.Asking + 1),
            duration => Pgbench.Run(system, "wallet", "transfer.sql", duration, rows: Users.Asking + 1));
        yield return new(
            "create a job", "pgbench inserting the same rows", 0.40,
            duration => ClosedLoop.Run(system.Port("gateway"), duration, _ => Request.Post("/api/jobs", users.TokenOf(Users.Anyone()), Job)),
            duration => Pgbench.Run(system, "jobboard", "create-job.sql", duration, data.Rows),
            Grows: true);
    }

    private static Sample Transfer(BenchSystem system, Users users, TimeSpan duration, Func<int> receiver) =>
        ClosedLoop.Run(system.Port("gateway"), duration, _ => Request.Post(
            "/api/wallet/transfers",
            users.TokenOf(Users.Anyone()),
            $$"""{"to_user_id":"{{Users.Id(receiver())}}","amount":1}""",
            Guid.CreateVersion7()));
}
