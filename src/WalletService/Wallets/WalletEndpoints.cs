using System.Security.Claims;
using System.Text.Json;
using Explaino.ServiceData.Idempotency;
using Explaino.ServiceData.Postgres;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Http;
using Explaino.ServiceDefaults.Paging;
using Explaino.ServiceDefaults.Validation;
using Explaino.WalletService.Data;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Explaino.WalletService.Wallets;

/// <summary>A user's own wallet, and any wallet for admins.</summary>
internal static class WalletEndpoints
{
    // Compiled, because every start of an app asks it.
    private static readonly Func<WalletDbContext, Guid, CancellationToken, Task<WalletResponse?>> Find = EF.CompileAsyncQuery(
        (WalletDbContext db, Guid userId, CancellationToken _) =>
            db.Wallets.Where(wallet => wallet.UserId == userId)
                .Select(wallet => new WalletResponse(wallet.Id, wallet.UserId, wallet.Balance, wallet.CreatedAt, wallet.UpdatedAt)).SingleOrDefault());

    public static void MapWallets(this IEndpointRouteBuilder api)
    {
        var own = api.MapGroup("/wallet").WithTags("Wallet");
        own.MapGet("/", GetMine).WithName(nameof(GetMine)).WithSummary("Get your own wallet").WithETag();
        own.MapPost("/transfers", Transfer).WithName(nameof(Transfer)).WithSummary("Transfer points to another user").ForVerifiedPeople()
            .WithIdempotencyInStatement();
        own.MapGet("/transactions", ListMine).WithName(nameof(ListMine)).WithSummary("List your own transactions, the latest first");
        own.MapGet("/transactions/{id:guid}", GetMyTransaction).WithName(nameof(GetMyTransaction)).WithSummary("Get one of them").WithETag();

        var any = api.MapGroup("/wallets/{userId:guid}").WithTags("Wallets").RequireAuthorization(BearerAuthentication.AdminPolicy);
        any.MapGet("/", Get).WithName(nameof(Get)).WithSummary("Get a user's wallet").WithETag();
        any.MapPost("/awards", Award).WithName(nameof(Award)).WithSummary("Give points to a user")
            .WithIdempotencyInStatement();
        any.MapPost("/deductions", Deduct).WithName(nameof(Deduct)).WithSummary("Take points from a user")
            .WithIdempotencyInStatement();
        any.MapGet("/transactions/{id:guid}", GetTransaction).WithName(nameof(GetTransaction)).WithSummary("Get a transaction of a user").WithETag();
    }

    private static Task<Results<Ok<WalletResponse>, ProblemHttpResult>> GetMine(
        ClaimsPrincipal user, WalletDbContext db, CancellationToken cancellationToken) => Get(user.Id(), db, cancellationToken);

    private static async Task<Results<Ok<WalletResponse>, ProblemHttpResult>> Get(
        Guid userId, WalletDbContext db, CancellationToken cancellationToken) =>
        await Find(db, userId, cancellationToken) is { } wallet
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

        var rows = await db.TransactionsOf(user.Id(), beforeSeq: after?.Seq).TakePage(page).ToListAsync(cancellationToken);
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

    private static async Task<Results<Created<TransactionResponse>, ReplayedAnswer, ProblemHttpResult>> Transfer(
        TransferRequest request, HttpContext http, Ledger ledger, IOptions<JsonOptions> json, CancellationToken cancellationToken)
    {
        var (senderId, receiverId) = (http.User.Id(), request.ToUserId!.Value);
        if (receiverId == senderId)
        {
            return Problems.Invalid("to_user_id", new Violation("oneself", "Must be somebody else."));
        }

        // An empty reason is none.
        var reason = request.Reason is { Length: > 0 } text ? text : null;
        var order = MovementOrder.Transfer(senderId, receiverId, request.Amount!.Value, reason);
        return await MoveOnceAsync(order, "/api/wallet", http.IdempotencyKey(), ledger.MoveOnceAsync, json.Value, cancellationToken);
    }

    private static Task<Results<Created<TransactionResponse>, ReplayedAnswer, ProblemHttpResult>> Award(
        Guid userId, AdjustmentRequest request, HttpContext http, Adjustments adjustments, IOptions<JsonOptions> json, CancellationToken cancellationToken) =>
        MoveOnceAsync(
            MovementOrder.Award(userId, request.Amount!.Value, request.Reason!),
            $"/api/wallets/{userId}", http.IdempotencyKey(), adjustments.MoveOnceAsync, json.Value, cancellationToken);

    private static Task<Results<Created<TransactionResponse>, ReplayedAnswer, ProblemHttpResult>> Deduct(
        Guid userId, AdjustmentRequest request, HttpContext http, Adjustments adjustments, IOptions<JsonOptions> json, CancellationToken cancellationToken) =>
        MoveOnceAsync(
            MovementOrder.Deduction(userId, request.Amount!.Value, request.Reason!),
            $"/api/wallets/{userId}", http.IdempotencyKey(), adjustments.MoveOnceAsync, json.Value, cancellationToken);

    private static async Task<Results<Created<TransactionResponse>, ReplayedAnswer, ProblemHttpResult>> MoveOnceAsync(
        MovementOrder order, string wallet, IdempotencyKey key, MoveOnce move, JsonOptions json, CancellationToken cancellationToken)
    {
        var (before, now) = await move(
            key, order, (transaction, entry) => (Location(transaction), JsonSerializer.Serialize(Response(transaction, entry), json.SerializerOptions)),
            cancellationToken);
        return (before, now) switch
        {
            ({ } replayed, _) => replayed,
            (null, null) => ReplayedAnswer.OfAnotherBody(),
            (_, { Transaction: { } transaction, Entry: { } entry }) => TypedResults.Created(Location(transaction), Response(transaction, entry)),
            (_, { Refusal: Refusals.NotReachable }) => Problems.Conflict("not_reachable", "One of the two has blocked the other."),
            (_, { Refusal: Refusals.InsufficientPoints }) => Problems.Conflict("insufficient_points", "The wallet does not hold that many points."),
            (_, { Refusal: Refusals.BalanceOverflow }) => Problems.Conflict("balance_overflow", $"A wallet holds at most {int.MaxValue:N0} points."),
            _ when order.Kind is TransactionKind.Transfer =>
                Problems.NotFound("receiver_not_found", "There is no such user, or not yet.").RetryAfter(TimeSpan.FromSeconds(1)),
            _ => WalletNotFound(),
        };

        string Location(WalletTransaction transaction) => $"{wallet}/transactions/{transaction.Id}";

        TransactionResponse Response(WalletTransaction transaction, WalletEntry entry) =>
            TransactionResponse.From(transaction, entry, order.Kind is TransactionKind.Transfer ? order.ReceiverId : null);
    }

    private static ProblemHttpResult WalletNotFound() =>
        Problems.NotFound("wallet_not_found", "There is no such wallet, or not yet.").RetryAfter(TimeSpan.FromSeconds(1));

    private delegate Task<KeyedMovement> MoveOnce(
        IdempotencyKey key, MovementOrder order, Func<WalletTransaction, WalletEntry, (string Location, string Body)> answer, CancellationToken cancellationToken);

    private sealed record SeqKey(long Seq);
}
