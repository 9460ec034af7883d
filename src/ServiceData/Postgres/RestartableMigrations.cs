using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure.Internal;
using Npgsql.EntityFrameworkCore.PostgreSQL.Migrations;

namespace Explaino.ServiceData.Postgres;

/// <summary>
/// Migrations SQL generator: an index that is made <c>CONCURRENTLY</c> is made outside of a transaction, so that a migration that dies leaves it behind,
/// maybe invalid. The next run drops it first.
/// </summary>
#pragma warning disable EF1001 // The provider's generator wants options that it has no public type for.
internal sealed class RestartableMigrations(MigrationsSqlGeneratorDependencies dependencies, INpgsqlSingletonOptions options)
    : NpgsqlMigrationsSqlGenerator(dependencies, options)
#pragma warning restore EF1001
{
    protected override void Generate(CreateIndexOperation operation, IModel? model, MigrationCommandListBuilder builder, bool terminate = true)
    {
        if (operation["Npgsql:CreatedConcurrently"] is true)
        {
            var index = Dependencies.SqlGenerationHelper.DelimitIdentifier(operation.Name, operation.Schema);
            builder.Append($"DROP INDEX CONCURRENTLY IF EXISTS {index}").AppendLine(Dependencies.SqlGenerationHelper.StatementTerminator);
            builder.EndCommand(suppressTransaction: true);
        }

        base.Generate(operation, model, builder, terminate);
    }
}
