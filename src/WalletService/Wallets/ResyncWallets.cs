using Explaino.ServiceData.Resync;
using Explaino.WalletService.Data;
using Microsoft.EntityFrameworkCore;

namespace Explaino.WalletService.Wallets;

/// <summary>Resync of who has a wallet: the verb <c>resync people</c> opens those that were lost with their event; it closes none.</summary>
internal static class ResyncWallets
{
    public static async Task<ResyncReport> RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var db = services.GetRequiredService<WalletDbContext>();
        var opening = services.GetRequiredService<WalletOpening>();
        var report = new ResyncReport();
        var compared = services.GetRequiredService<IdentityPeople>().CompareAsync(
            (after, count) => ReadOwnersAsync(db, after, count, cancellationToken), owner => owner.UserId, cancellationToken);
        await foreach (var part in compared)
        {
            var missing = part.Where(each => each.Copy is null).Select(each => each.Id).ToList();
            await opening.OpenAsync(missing);
            report.Compared(part.Count(each => each.Person is not null), missing.Count);
            foreach (var (id, owner, person) in part.Where(each => each.Copy is not null))
            {
                if (person is null && !owner!.IsDeleted)
                {
                    report.UnknownToIdentity(id);
                }
                else if (person is not null && owner!.IsDeleted)
                {
                    report.DeletedHereOnly(id);
                }
            }
        }

        return report;
    }

    private static Task<List<Owner>> ReadOwnersAsync(WalletDbContext db, Guid after, int count, CancellationToken cancellationToken) => db.Database.SqlQuery<Owner>(
        $"""
        SELECT user_id AS "UserId", false AS "IsDeleted" FROM points_wallets WHERE user_id > {after}
        UNION ALL
        SELECT user_id, true FROM deleted_users WHERE user_id > {after}
        ORDER BY 1 LIMIT {count}
        """).ToListAsync(cancellationToken);

    private sealed record Owner(Guid UserId, bool IsDeleted);
}
