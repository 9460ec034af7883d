using Explaino.Testing;
using Npgsql;

namespace Explaino.IdentityService.Tests;

/// <summary>The audit log's table: who may do what with it, for how long it is kept, and from what it is read.</summary>
public sealed class AuditTableTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Theory]
    [InlineData("UPDATE audit_entries SET outcome = 'done'")]
    [InlineData("UPDATE audit_entries SET ip = NULL")]
    [InlineData("DELETE FROM audit_entries")]
    [InlineData("TRUNCATE audit_entries")]
    [InlineData("SELECT forget_audited_addresses(id) FROM users")]
    public async Task Whoever_serves_only_adds(string statement)
    {
        await host.LogInAsAdminAsync();

        var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(host.Environment.Database.ConnectionString, statement));

        Assert.Contains(refused.SqlState, new[] { PostgresErrorCodes.InsufficientPrivilege, PostgresErrorCodes.RestrictViolation });
    }

    [Theory]
    [InlineData("UPDATE audit_entries SET action = 'nothing'")]
    [InlineData("UPDATE audit_entries SET ip = '192.0.2.1'")]
    [InlineData("DELETE FROM audit_entries")]
    [InlineData("TRUNCATE audit_entries")]
    public async Task The_owner_of_the_table_does_not_change_it_by_mistake_either(string statement)
    {
        await host.LogInAsAdminAsync();

        var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(host.Environment.Database.OwnerConnectionString, statement));

        Assert.Equal(PostgresErrorCodes.RestrictViolation, refused.SqlState);
    }

    [Fact]
    public async Task After_400_days_an_entry_goes()
    {
        await ExecuteAsync(
            host.Environment.Database.ConnectionString,
            """
            INSERT INTO audit_entries (id, at, service, action, actor_kind, outcome)
            SELECT gen_random_uuid(), now() - days * interval '1 day', 'identity', 'age_' || days, 'system', 'done' FROM unnest(ARRAY[399, 401]) AS days
            """);

        await using var starting = new IdentityHost(host.Environment);
        await starting.InitializeAsync();

        await Eventually.TrueAsync(async () => await host.CountAsync("audit_entries WHERE action = 'age_401'") == 0);

        Assert.Equal(1, await host.CountAsync("audit_entries WHERE action = 'age_399'"));
    }

    [Theory]
    [InlineData("actor_id = 'd1c0ffee-0000-7000-8000-000000000007'", "ix_audit_entries_actor_id")]
    [InlineData("subject_id = 'd1c0ffee-0000-7000-8000-000000000007'", "ix_audit_entries_subject_id")]
    [InlineData("action = 'action_7'", "ix_audit_entries_action")]
    [InlineData("true", "pk_audit_entries")]
    public async Task Each_question_is_answered_from_an_index_in_order(string condition, string index)
    {
        await using var environment = await ServiceEnvironment.CreateAsync(Service.Identity);
        await ExecuteAsync(
            environment.Database.ConnectionString,
            """
            INSERT INTO audit_entries (id, at, service, action, actor_kind, actor_id, subject_type, subject_id, outcome)
            SELECT gen_random_uuid(), now(), 'identity', 'action_' || n % 500, 'user', person.id, 'user', person.id, 'done'
            FROM generate_series(1, 50000) AS n, LATERAL (SELECT ('d1c0ffee-0000-7000-8000-' || lpad((n % 500)::text, 12, '0'))::uuid AS id) AS person
            """);
        await ExecuteAsync(environment.Database.OwnerConnectionString, "ANALYZE audit_entries");

        var plan = await ReadAsync(
            environment.Database.ConnectionString,
            $"EXPLAIN SELECT * FROM audit_entries WHERE {condition} AND id < 'ffffffff-0000-7000-8000-000000000000' ORDER BY id DESC LIMIT 21");

        Assert.Contains(index, plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Sort", plan, StringComparison.Ordinal);
    }

    private static async Task ExecuteAsync(string connectionString, string statement)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var command = database.CreateCommand(statement);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<string> ReadAsync(string connectionString, string query)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var command = database.CreateCommand(query);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
        {
            lines.Add(reader.GetString(0));
        }

        return string.Join('\n', lines);
    }
}
