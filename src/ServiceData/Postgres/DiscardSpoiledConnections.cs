using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace Explaino.ServiceData.Postgres;

/// <summary>
/// Ends the pool's connections when they are of no use any more: driver and server disagree about what is prepared on one of them, as a network that fails
/// in the middle of a statement can leave it; or their server has become a standby. They would refuse the same statement for as long as they live.
/// </summary>
internal sealed class DiscardSpoiledConnections(DatabaseServers servers) : DbCommandInterceptor
{
    public override Task CommandFailedAsync(DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        if (eventData.Exception is PostgresException
            {
                SqlState: PostgresErrorCodes.DuplicatePreparedStatement or PostgresErrorCodes.InvalidSqlStatementName or PostgresErrorCodes.ReadOnlySqlTransaction,
            })
        {
            servers.GiveUpConnections();
        }

        return Task.CompletedTask;
    }
}

/// <summary>Looks for the primary again when none was found: meanwhile a standby may have become it.</summary>
internal sealed class FindPrimaryAgain(DatabaseServers servers) : DbConnectionInterceptor
{
    public override Task ConnectionFailedAsync(DbConnection connection, ConnectionErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        servers.LookAgain();
        return Task.CompletedTask;
    }
}
