using static Explaino.Security.Tests.Authorization.Rules;

namespace Explaino.Security.Tests.Authorization;

internal static class WalletRows
{
    public static readonly Row[] All =
    [
        Row("GET /api/wallet", User(200), MyWallet),
        Row("POST /api/wallet/transfers", User(201), Transfer),
        Row("GET /api/wallet/transactions", User(200), MyWallet),
        Row("GET /api/wallet/transactions/{id}", Own(200, 404), Transaction),
        Row("GET /api/wallets/{user_id}", Admin(200), Wallet),
        Row("POST /api/wallets/{user_id}/awards", Admin(201), Wallet),
        Row("POST /api/wallets/{user_id}/deductions", Admin(201), Transaction),
        Row("GET /api/wallets/{user_id}/transactions/{id}", Admin(200), Transaction),
    ];

    private static readonly object Adjustment = new { amount = 5, reason = "Matrix" };

    private static async Task<Target> MyWallet(TestActors cast)
    {
        await (await cast.Me).WalletAsync(TimeSpan.FromSeconds(20));
        return new();
    }

    private static async Task<Target> Wallet(TestActors cast)
    {
        var owner = await cast.Owner;
        await owner.WalletAsync(TimeSpan.FromSeconds(20));
        return new(Adjustment, ("user_id", owner.Id));
    }

    private static async Task<Target> Transaction(TestActors cast)
    {
        var (owner, wallet) = (await cast.Owner, await Wallet(cast));
        var award = await cast.PostAsAdminAsync($"/api/wallets/{owner.Id}/awards", Adjustment);
        return new(wallet.Body, ("user_id", owner.Id), ("id", award["id"]!));
    }

    private static async Task<Target> Transfer(TestActors cast)
    {
        await MyWallet(cast);
        var receiver = await cast.NewcomerAsync();
        await cast.PostAsAdminAsync($"/api/wallets/{(await cast.Me).Id}/awards", Adjustment);
        return new(new { to_user_id = receiver.Id, amount = 1 });
    }
}
