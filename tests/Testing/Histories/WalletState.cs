namespace Explaino.Testing.Histories;

/// <summary>A wallet, as its owner and those who pay to it see it.</summary>
public sealed record WalletState(int Balance)
{
    public static Func<WalletState, WalletState?> Credit(int amount) => wallet => new(wallet.Balance + amount);

    public static Func<WalletState, WalletState?> Debit(int amount) => wallet => wallet.Balance >= amount ? new(wallet.Balance - amount) : null;

    public static Func<WalletState, WalletState?> TooPoorFor(int amount) => wallet => wallet.Balance < amount ? wallet : null;

    public static Func<WalletState, WalletState?> Read(int balance) => wallet => wallet.Balance == balance ? wallet : null;
}
