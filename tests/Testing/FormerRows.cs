using Npgsql;

namespace Explaino.Testing;

/// <summary>Rows as the version before left them, and the migration that fills in what it did not write.</summary>
public static class FormerRows
{
    /// <param name="environment">The service's.</param>
    /// <param name="migration">The end of its name; it ran already, as if it had been interrupted at its end.</param>
    /// <param name="sql">Takes away what it fills in.</param>
    public static async Task UndoAsync(this ServiceEnvironment environment, string migration, string sql)
    {
        await using var database = NpgsqlDataSource.Create(environment.Database.SuperuserConnectionString);
        await using var command = database.CreateCommand(
            $"""
            {sql};
            DELETE FROM "__EFMigrationsHistory" WHERE "MigrationId" LIKE '%_{migration}';
            """);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The verb that brings the database up to date.</summary>
    public static async Task MigrateAsync(this ServiceEnvironment environment)
    {
        var settings = new Dictionary<string, string?> { [environment.Service.ConnectionStringKey] = environment.Database.OwnerConnectionString };
        var migrated = await ServiceVerb.RunAsync(environment.Service, settings, "migrate");
        if (migrated.ExitCode != 0)
        {
            throw new InvalidOperationException(migrated.Output);
        }
    }
}
