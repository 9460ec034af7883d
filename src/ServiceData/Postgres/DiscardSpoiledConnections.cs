using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace Explaino.ServiceData.Postgres;

/// <summary>
/// Ends the pool's connections when driver and server disagree about what is prepared on one of them, as a network that fails in the middle of a
/// statement can leave it: it would refuse the same statement for as long as it lives.
/// </summary>
internal sealed class DiscardSpoiledConnections(NpgsqlDataSource database) : DbCommandInterceptor
{
    public override Task CommandFailedAsync(DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        if (eventData.Exception is PostgresException { SqlState: PostgresErrorCodes.DuplicatePreparedStatement or PostgresErrorCodes.InvalidSqlStatementName })
        {
            // Those in use are ended when they come back.
            database.Clear();
        }

        return Task.CompletedTask;
    }
}
