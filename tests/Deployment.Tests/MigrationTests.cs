using Npgsql;

namespace Explaino.Deployment.Tests;

/// <summary>Migrations that die half way: what an index made outside of a transaction leaves behind is in nobody's way.</summary>
public sealed class MigrationTests
{
    public static TheoryData<string> WithConcurrentIndexes =>
        [.. Service.WithDatabase.Where(service => MigrationsOf(service).Count > 0).Select(service => service.Name)];

    [Theory]
    [MemberData(nameof(WithConcurrentIndexes))]
    public async Task A_migration_whose_indexes_are_made_concurrently_can_be_run_again(string name)
    {
        var service = Service.WithDatabase.Single(service => service.Name == name);
        await using var database = await TestDatabase.CreateAsync(service);
        await using var owner = new NpgsqlConnection(database.OwnerConnectionString);
        await owner.OpenAsync();
        await using var forget = new NpgsqlCommand("""DELETE FROM "__EFMigrationsHistory" WHERE "MigrationId" = ANY ($1)""", owner);
        forget.Parameters.Add(new() { Value = MigrationsOf(service).ToArray() });
        Assert.Equal(MigrationsOf(service).Count, await forget.ExecuteNonQueryAsync());

        var again = await ServiceVerb.RunAsync(
            service,
            new Dictionary<string, string?> { [service.ConnectionStringKey] = database.OwnerConnectionString, ["ConnectionStrings:messaging"] = "amqp://nobody" },
            "migrate");

        Assert.True(again.ExitCode == 0, again.Output);
        await using var invalid = new NpgsqlCommand("SELECT count(*) FROM pg_index WHERE NOT indisvalid", owner);
        Assert.Equal(0L, await invalid.ExecuteScalarAsync());
    }

    private static List<string> MigrationsOf(Service service) =>
    [
        .. Directory.EnumerateFiles(Repository.PathTo("src", service.Project, "Data", "Migrations"), "2*.cs")
            .Where(file => !file.EndsWith(".Designer.cs", StringComparison.Ordinal) && File.ReadAllText(file).Contains("CreatedConcurrently", StringComparison.Ordinal))
            .Select(Path.GetFileNameWithoutExtension)
            .OfType<string>(),
    ];
}
