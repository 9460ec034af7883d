using System.Security.Claims;
using Explaino.ServiceData.Idempotency;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Http;
using Explaino.ServiceDefaults.Paging;
using Explaino.WalletService.Data;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Explaino.WalletService.Wallets;

/// <summary>A user's own wallet, and any wallet for admins.</summary>
internal static class WalletEndpoints
{
    public static void MapWallets(this IEndpointRouteBuilder api)
    {
        var own = api.MapGroup("/wallet").WithTags("Wallet");
        own.MapGet("/", GetMine).WithName(nameof(GetMine)).WithSummary("Get your own wallet").WithETag();
        own.MapPost("/transfers", Transfer).WithName(nameof(Transfer)).WithSummary("Transfer points to another user")
            .WithIdempotency<WalletDbContext>(required: true);
        own.MapGet("/transactions", ListMine).WithName(nameof(ListMine)).WithSummary("List your own transactions, the latest first");
        own.MapGet("/transactions/{id:guid}", GetMyTransaction).WithName(nameof(GetMyTransaction)).WithSummary("Get one of them").WithETag();

        var any = api.MapGroup("/wallets/{userId:guid}").WithTags("Wallets").RequireAuthorization(BearerAuthentication.AdminPolicy);
        any.MapGet("/", Get).WithName(nameof(Get)).WithSummary("Get a user's wallet").WithETag();
        any.MapPost("/awards", Award).WithName(nameof(Award)).WithSummary("Give points to a user")
            .WithIdempotency<WalletDbContext>(required: true);
        any.MapPost("/deductions", Deduct).WithName(nameof(Deduct)).WithSummary("Take points from a user")
            .WithIdempotency<WalletDbContext>(required: true);
        any.MapGet("/transactions/{id:guid}", GetTransaction).WithName(nameof(GetTransaction)).WithSummary("Get a transaction of a user").WithETag();
    }

    private static Task<Results<Ok<WalletResponse>, ProblemHttpResult>> GetMine(
        ClaimsPrincipal user, WalletDbContext db, CancellationToken cancellationToken) => Get(user.Id(), db, cancellationToken);

    private static async Task<Results<Ok<WalletResponse>, ProblemHttpResult>> Get(
        Guid userId, WalletDbContext db, CancellationToken cancellationToken) =>
        await db.Wallets.Where(wallet => wallet.UserId == userId).Select(WalletResponse.From).SingleOrDefaultAsync(cancellationToken) is { } wallet
            ? TypedResults.Ok(wallet)
            : WalletNotFound();

    private static async Task<Results<Ok<Page<TransactionResponse>>, ProblemHttpResult>> ListMine(
        [AsParameters] PageRequest page, ClaimsPrincipal user, WalletDbContext db, CancellationToken cancellationToken)
    {
        var list = $"transactions of {user.Id()}";
        if (!page.TryRead<SeqKey>(list, out var after, out var refusal))
        {
            return refusal;
        }

        var rows = await db.TransactionsOf(user.Id(), beforeSeq: after?.Seq).Take(page.Size + 1).ToListAsync(cancellationToken);
        return TypedResults.Ok(rows.ConvertAll(row => row.ToResponse()).ToPage(page, list, transaction => new SeqKey(transaction.Seq)));
    }

    private static Task<Results<Ok<TransactionResponse>, ProblemHttpResult>> GetMyTransaction(
        Guid id, ClaimsPrincipal user, WalletDbContext db, CancellationToken cancellationToken) =>
        GetTransaction(user.Id(), id, db, cancellationToken);

    private static async Task<Results<Ok<TransactionResponse>, ProblemHttpResult>> GetTransaction(
        Guid userId, Guid id, WalletDbContext db, CancellationToken cancellationToken) =>
        await db.TransactionsOf(userId, id: id).SingleOrDefaultAsync(cancellationToken) is { } row
            ? TypedResults.Ok(row.ToResponse())
            : Problems.NotFound("transaction_not_found", "There is no such transaction in this wallet.");

    private static async Task<Results<Created<TransactionResponse>, ProblemHttpResult>> Transfer(
        TransferRequest request, ClaimsPrincipal user, Ledger ledger, CancellationToken cancellationToken)
    {
        var receiverId = request.ToUserId!.Value;
        if (receiverId == user.Id())
        {
            return Problems.Invalid("to_user_id", "Must be somebody else.");
        }

        // An empty reason is none.
        var reason = request.Reason is { Length: > 0 } text ? text : null;
        var movement = await ledger.TransferAsync(user.Id(), receiverId, request.Amount!.Value, reason, cancellationToken);
        return movement.Refusal == Refusals.NoWallet
            ? Problems.NotFound("receiver_not_found", "There is no such user, or not yet.").RetryAfter(TimeSpan.FromSeconds(1))
            : Answer(movement, "/api/wallet", receiverId);
    }

    private static async Task<Results<Created<TransactionResponse>, ProblemHttpResult>> Award(
        Guid userId, AdjustmentRequest request, Ledger ledger, CancellationToken cancellationToken) =>
        Answer(
            await ledger.AwardAsync(userId, request.Amount!.Value, request.Reason!, eventId: null, cancellationToken),
            $"/api/wallets/{userId}");

    private static async Task<Results<Created<TransactionResponse>, ProblemHttpResult>> Deduct(
        Guid userId, AdjustmentRequest request, Ledger ledger, CancellationToken cancellationToken) =>
        Answer(
            await ledger.DeductAsync(userId, request.Amount!.Value, request.Reason!, cancellationToken),
            $"/api/wallets/{userId}");

    private static Results<Created<TransactionResponse>, ProblemHttpResult> Answer(Movement movement, string wallet, Guid? counterpartUserId = null) =>
        movement switch
        {
            { Transaction: { } transaction, Entry: { } entry } => TypedResults.Created(
                $"{wallet}/transactions/{transaction.Id}", TransactionResponse.From(transaction, entry, counterpartUserId)),
            { Refusal: Refusals.NotReachable } => Problems.Conflict("not_reachable", "One of the two has blocked the other."),
            { Refusal: Refusals.InsufficientPoints } => Problems.Conflict("insufficient_points", "The wallet does not hold that many points."),
            { Refusal: Refusals.BalanceOverflow } => Problems.Conflict("balance_overflow", $"A wallet holds at most {int.MaxValue:N0} points."),
            _ => WalletNotFound(),
        };

    private static ProblemHttpResult WalletNotFound() =>
        Problems.NotFound("wallet_not_found", "There is no such wallet, or not yet.").RetryAfter(TimeSpan.FromSeconds(1));

    private sealed record SeqKey(long Seq);
}
