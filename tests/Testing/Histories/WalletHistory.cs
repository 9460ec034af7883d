namespace Explaino.Testing.Histories;

/// <summary>What clients do to wallets, written down for each wallet that it concerns.</summary>
public static class WalletHistory
{
    /// <param name="history">Of wallets, by their owners.</param>
    /// <param name="from">Who pays.</param>
    /// <param name="to">Whom.</param>
    /// <param name="amount">How much.</param>
    /// <param name="called">When it began.</param>
    /// <param name="moved">Whether points moved, or were refused for there being too few; null if no answer came.</param>
    public static void Transferred(this History<Guid, WalletState> history, Guid from, Guid to, int amount, long called, bool? moved)
    {
        if (moved is null)
        {
            history.Unknown(from, $"pay {amount}, no answer", called, WalletState.Debit(amount));
            history.Unknown(to, $"get {amount}, no answer", called, WalletState.Credit(amount));
        }
        else if (moved.Value)
        {
            history.Returned(from, $"pay {amount}", called, WalletState.Debit(amount));
            history.Returned(to, $"get {amount}", called, WalletState.Credit(amount));
        }
        else
        {
            history.Returned(from, $"pay {amount}, refused", called, WalletState.TooPoorFor(amount));
        }
    }

    public static void Read(this History<Guid, WalletState> history, Guid owner, long called, int balance) =>
        history.Returned(owner, $"read {balance}", called, WalletState.Read(balance));
}
