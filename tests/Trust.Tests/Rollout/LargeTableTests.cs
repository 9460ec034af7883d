using Explaino.Testing;
using Explaino.Testing.Migrations;

namespace Explaino.Trust.Tests.Rollout;

/// <summary>Migrations on tables of a million rows: nobody waits for one longer than a second. Small, and with what must be noticed: <c>MigrationLockTests</c>.</summary>
public sealed class LargeTableTests
{
    public static TheoryData<string> Services => [.. Service.WithDatabase.Select(service => service.Name)];

    [Theory]
    [MemberData(nameof(Services))]
    public async Task No_migration_locks_a_large_table_for_long(string name)
    {
        var rows = Scale.Of(test: 1_000, shortRun: 20_000, longRun: 1_000_000);

        var watched = await WatchedMigrations.RunAsync(Service.Named(name), rows);

        Figures.Record("Migrations", $"{name}: tables of {rows} rows; longest lock of one, s", $"{watched.Tables}; {watched.Longest.Time.TotalSeconds:F2} {watched.Longest.What}");
        Assert.Empty(watched.Open);
    }
}
