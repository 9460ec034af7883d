using System.Security.Claims;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Http;
using Explaino.WalletService.Data;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Explaino.WalletService.Wallets;

internal static class WalletEndpoints
{
    public static void MapWallets(this IEndpointRouteBuilder api)
    {
        var wallet = api.MapGroup("/wallet").WithTags("Wallet");
        wallet.MapGet("/", GetMine).WithName(nameof(GetMine)).WithSummary("Get one's own wallet").WithETag();
    }

    private static async Task<Results<Ok<WalletResponse>, ProblemHttpResult>> GetMine(
        ClaimsPrincipal user, WalletDbContext db, CancellationToken cancellationToken)
    {
        var userId = user.Id();
        var wallet = await db.Wallets
            .Where(wallet => wallet.UserId == userId)
            .Select(wallet => new WalletResponse(wallet.Id, wallet.UserId, wallet.Balance, wallet.CreatedAt, wallet.UpdatedAt))
            .SingleOrDefaultAsync(cancellationToken);

        return wallet is null
            ? Problems.NotFound("wallet_not_found", "The wallet does not exist yet.").RetryAfter(TimeSpan.FromSeconds(1))
            : TypedResults.Ok(wallet);
    }
}
