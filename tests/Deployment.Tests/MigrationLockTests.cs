using Explaino.Testing.Migrations;

namespace Explaino.Deployment.Tests;

/// <summary>Migrations on tables that are full: none is rewritten, and none is read from end to end while others must wait for it. `./dev trust --only rollout` tries a million rows.</summary>
public sealed class MigrationLockTests
{
    private const int Rows = 500;

    public static TheoryData<string> Services => [.. Service.WithDatabase.Select(service => service.Name)];

    [Theory]
    [MemberData(nameof(Services))]
    public async Task No_migration_stands_in_the_way_of_the_version_that_serves(string name)
    {
        var watched = await WatchedMigrations.RunAsync(Service.Named(name), Rows);

        Assert.True(watched.Tables > 0);
        Assert.Empty(watched.Open);

        // What is accepted and does not happen is not accepted for nothing.
        var migrations = Repository.PathTo("src", Service.Named(name).Project, "Data", "Migrations");
        var accepted = WatchedMigrations.Accepted.Keys.Where(migration => File.Exists(Path.Combine(migrations, $"{migration}.cs")));
        Assert.Subset(watched.Complaints.Select(said => said.Migration).ToHashSet(), accepted.ToHashSet());
    }

    [Theory]
    [InlineData("ALTER TABLE things ALTER COLUMN count TYPE bigint", "rewritten: things")]
    [InlineData("ALTER TABLE things ADD COLUMN made uuid NOT NULL DEFAULT gen_random_uuid()", "rewritten: things")]
    [InlineData("ALTER TABLE things ADD CONSTRAINT ck_things_count CHECK (count > 0)", "locked")]
    [InlineData("ALTER TABLE things ALTER COLUMN count SET NOT NULL", "locked")]
    [InlineData("ALTER TABLE things ADD COLUMN label text; UPDATE things SET label = name", "locked")]
    [InlineData("CREATE INDEX ix_things_name ON things (name)", "locked")]
    public async Task Seeded_statements_that_do_are_noticed(string statement, string complaint)
    {
        var watched = await WatchedMigrations.TryAsync(Service.Wallet, Rows, statement);

        Assert.Contains(watched.Complaints, said => said.What.StartsWith(complaint, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ALTER TABLE things ADD COLUMN label text")]
    [InlineData("ALTER TABLE things ADD COLUMN label text NOT NULL DEFAULT ''")]
    [InlineData("ALTER TABLE things ADD CONSTRAINT ck_things_count CHECK (count > 0) NOT VALID")]
    [InlineData("CREATE TABLE others (id uuid PRIMARY KEY); CREATE INDEX ix_others_id ON others (id)")]
    public async Task What_costs_nothing_on_a_full_table_is_not(string statement)
    {
        var watched = await WatchedMigrations.TryAsync(Service.Wallet, Rows, statement);

        Assert.Empty(watched.Complaints);
    }
}
