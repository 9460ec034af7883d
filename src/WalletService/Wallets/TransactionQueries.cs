using Explaino.WalletService.Data;
using Microsoft.EntityFrameworkCore;

namespace Explaino.WalletService.Wallets;

/// <summary>What a transaction looks like from one of its wallets: its entry, and who the other side is as long as they exist.</summary>
internal sealed record TransactionProjection(WalletTransaction Transaction, WalletEntry Entry, Guid? CounterpartUserId)
{
    public TransactionResponse ToResponse() => TransactionResponse.From(Transaction, Entry, CounterpartUserId);
}

internal static class TransactionQueries
{
    /// <summary>The latest first, read from the index on (wallet, seq) however long the history is.</summary>
    public static IQueryable<TransactionProjection> TransactionsOf(this WalletDbContext db, Guid userId, long? beforeSeq = null, Guid? id = null) =>
        from entry in db.Entries.AsNoTracking()
        // A subquery, not a join: only of one known wallet are the entries in order already. Nullable, because no wallet is not the nil one.
        where entry.WalletId == db.Wallets.Where(wallet => wallet.UserId == userId).Select(wallet => (Guid?)wallet.Id).SingleOrDefault()
        where (beforeSeq == null || entry.Seq < beforeSeq) && (id == null || entry.TransactionId == id)
        join transaction in db.Transactions on entry.TransactionId equals transaction.Id
        from other in db.Entries
        where other.TransactionId == entry.TransactionId && other.WalletId != entry.WalletId
        join otherWallet in db.Wallets on other.WalletId equals otherWallet.Id into otherWallets
        from counterpart in otherWallets.DefaultIfEmpty()
        orderby entry.Seq descending
        select new TransactionProjection(transaction, entry, counterpart == null ? null : counterpart.UserId);
}
