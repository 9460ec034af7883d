using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Explaino.ServiceDefaults.Errors;

/// <summary>Something this process needs to answer is away for the moment: becomes a 503.</summary>
public sealed class DependencyUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Tells a dependency that is away, which time heals, from everything else.</summary>
public static class Outage
{
    public static bool Is(Exception exception) => exception switch
    {
        DependencyUnavailableException => true,
        DbUpdateConcurrencyException => false,
        PostgresException postgres => IsOutage(postgres),
        NpgsqlException or SocketException or TimeoutException or HttpRequestException => true,

        // The driver's own, instead of the reset that cut its connection in the middle of preparing a statement.
        NullReferenceException { Source: nameof(Npgsql) } => true,
        { InnerException: { } inner } => Is(inner),
        _ => false,
    };

    // Class 57: the server is told to stop, or is starting. 3D000: the database is not made yet. RevalidateCachedQuery: a migration changed what a
    // prepared statement gives; Npgsql prepares it anew for the next one. 42P05 and 26000: see DiscardSpoiledConnections.
    private static bool IsOutage(PostgresException postgres) =>
        postgres.IsTransient
        || postgres.SqlState.StartsWith("57P", StringComparison.Ordinal)
        || postgres.Routine == "RevalidateCachedQuery"
        || postgres.SqlState is PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.QueryCanceled
            or PostgresErrorCodes.DuplicatePreparedStatement or PostgresErrorCodes.InvalidSqlStatementName;
}
