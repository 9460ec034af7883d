using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace Explaino.JobBoardService.Data;

internal static class Transactions
{
    /// <summary>A transaction of the handler's own, or null inside that of an Idempotency-Key, which commits for itself.</summary>
    public static async Task<IDbContextTransaction?> BeginUnlessBegunAsync(this DatabaseFacade database, CancellationToken cancellationToken) =>
        database.CurrentTransaction is null ? await database.BeginTransactionAsync(cancellationToken) : null;

    public static Task CommitIfOwnAsync(this IDbContextTransaction? transaction, CancellationToken cancellationToken) =>
        transaction?.CommitAsync(cancellationToken) ?? Task.CompletedTask;
}
