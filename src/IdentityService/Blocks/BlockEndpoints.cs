using System.Security.Claims;
using Explaino.IdentityService.Data;
using Explaino.IdentityService.Users;
using Explaino.ServiceData.Postgres;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Paging;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Explaino.IdentityService.Blocks;

internal static class BlockEndpoints
{
    private const string List = "blocks";

    public static void MapBlocks(this IEndpointRouteBuilder api)
    {
        var blocks = api.MapGroup("/users/me/blocks").WithTags("Blocks");
        blocks.MapGet("/", ListBlocks).WithName(nameof(ListBlocks)).WithSummary("List whom the current user blocks, newest first");
        blocks.MapPut("/{userId:guid}", BlockUser).WithName(nameof(BlockUser)).WithSummary("Block a user");
        blocks.MapDelete("/{userId:guid}", UnblockUser).WithName(nameof(UnblockUser)).WithSummary("Unblock a user");
    }

    private static async Task<Results<Ok<Page<BlockResponse>>, ProblemHttpResult>> ListBlocks(
        [AsParameters] PageRequest page, ClaimsPrincipal user, IdentityDbContext db, CancellationToken cancellationToken)
    {
        if (!page.TryRead<BlockKey>(List, out var after, out var refusal))
        {
            return refusal;
        }

        var caller = user.Id();
        var blocks = db.Blocks.Where(block => block.BlockerId == caller);
        if (after is not null)
        {
            blocks = blocks.Where(block =>
                EF.Functions.LessThan(ValueTuple.Create(block.CreatedAt, block.BlockedId), ValueTuple.Create(after.CreatedAt, after.Id)));
        }

        var rows = await blocks.OrderByDescending(block => block.CreatedAt).ThenByDescending(block => block.BlockedId).TakePage(page)
            .Select(block => new BlockResponse(
                block.BlockedId, block.Blocked.Username, block.Blocked.FirstName, block.Blocked.LastName, block.Blocked.ProfileImage, block.CreatedAt))
            .ToListAsync(cancellationToken);
        return TypedResults.Ok(rows.ToPage(page, List, block => new BlockKey(block.CreatedAt, block.Id)));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> BlockUser(
        Guid userId, ClaimsPrincipal principal, IdentityDbContext db, TimeProvider clock, CancellationToken cancellationToken)
    {
        var caller = principal.Id();
        if (userId == caller)
        {
            return Problems.Invalid("user_id", "Must be somebody else.");
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (!await db.HoldCallerAsync(principal, cancellationToken))
        {
            return UserLocks.SessionEnded();
        }

        if (!await db.BlockAsync(caller, userId, clock, cancellationToken))
        {
            return UserEndpoints.NoSuchUser();
        }

        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> UnblockUser(
        Guid userId, ClaimsPrincipal principal, IdentityDbContext db, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (!await db.HoldCallerAsync(principal, cancellationToken))
        {
            return UserLocks.SessionEnded();
        }

        await db.UnblockAsync(principal.Id(), userId, clock, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private sealed record BlockKey(DateTimeOffset CreatedAt, Guid Id);
}
