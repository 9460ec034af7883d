using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Explaino.ServiceData.Postgres;

/// <summary>Which constraint refused a write: the database decides, the handler translates by name.</summary>
public static class PostgresErrors
{
    public static bool Violates(this DbUpdateException exception, string constraint) =>
        exception.InnerException is PostgresException postgres && postgres.Violates(constraint);

    public static bool Violates(this PostgresException exception, string constraint) => exception.ConstraintName == constraint;
}
