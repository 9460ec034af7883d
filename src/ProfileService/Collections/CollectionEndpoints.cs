using System.Security.Claims;
using Explaino.ProfileService.Data;
using Explaino.ProfileService.Profiles;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Http;
using Explaino.ServiceDefaults.Json;
using Explaino.ServiceDefaults.Paging;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Explaino.ProfileService.Collections;

/// <summary>The routes of one collection, which all have.</summary>
/// <remarks>
/// Writers of one profile take turns (<see cref="ProfileAccess.HoldProfileAsync"/>), so that an item's place can be counted out; that no two items
/// share one, that none is the 101st and that no name comes twice is for the database to refuse.
/// </remarks>
internal sealed class CollectionEndpoints<TItem, TRequest, TResponse>(Collection<TItem, TRequest, TResponse> collection)
    where TItem : CollectionItem<TRequest, TResponse>, new()
    where TRequest : class
{
    private string Name => string.Concat(collection.Path.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    public void Map(IEndpointRouteBuilder profiles)
    {
        var theirs = profiles.MapGroup($"/{{userId:guid}}/{collection.Path}").WithTags("Collections");
        theirs.MapGet("/", List).WithName($"List{Name}").WithSummary($"List somebody's {collection.Path}, in their order").WithETag();
        theirs.MapGet("/{id:guid}", Get).WithName($"GetFrom{Name}").WithSummary($"Get one of somebody's {collection.Path}").WithETag();

        var mine = profiles.MapGroup($"/me/{collection.Path}").WithTags("Collections");
        mine.MapPost("/", Add).WithName($"AddTo{Name}").WithSummary($"Add to the end of one's own {collection.Path}");
        mine.MapPut("/", ReplaceAll).WithName($"Replace{Name}").WithSummary($"Replace all of one's own {collection.Path}, in the order sent").HonoursIfMatch();
        mine.MapPut("/{id:guid}", Replace).WithName($"ReplaceIn{Name}").WithSummary($"Replace one of one's own {collection.Path}").HonoursIfMatch();
        mine.MapDelete("/{id:guid}", Delete).WithName($"DeleteFrom{Name}").WithSummary($"Delete one of one's own {collection.Path}").HonoursIfMatch();
    }

    private async Task<Results<Ok<Page<TResponse>>, ProblemHttpResult>> List(
        Guid userId, ClaimsPrincipal user, ProfileDbContext db, CancellationToken cancellationToken)
    {
        var items = await ReadAsync(db, userId, cancellationToken);
        return items.Count == 0 && await db.RefuseUnlessKnownAsync(userId, user, cancellationToken) is { } refusal
            ? refusal
            : TypedResults.Ok(ToPage(items));
    }

    private async Task<Results<Ok<TResponse>, ProblemHttpResult>> Get(Guid userId, Guid id, ProfileDbContext db, CancellationToken cancellationToken) =>
        await Of(db, userId).AsNoTracking().SingleOrDefaultAsync(item => item.Id == id, cancellationToken) is { } item
            ? TypedResults.Ok(item.ToResponse())
            : NotFound();

    private async Task<Results<Created<TResponse>, ProblemHttpResult>> Add(
        TRequest request, ClaimsPrincipal user, ProfileDbContext db, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.HoldProfileAsync(user, clock, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var count = await Of(db, user.Id()).CountAsync(cancellationToken);
        var item = New(Guid.CreateVersion7(), user.Id(), count, request);
        db.Add(item);
        if (await collection.SaveAsync(db, "name", cancellationToken) is { } conflict)
        {
            return conflict;
        }

        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Created($"/api/profiles/{item.UserId}/{collection.Path}/{item.Id}", item.ToResponse());
    }

    private async Task<Results<Ok<Page<TResponse>>, ProblemHttpResult>> ReplaceAll(
        WholeList<TRequest> list,
        HttpRequest http,
        ClaimsPrincipal user,
        ProfileDbContext db,
        MemberRules rules,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if (await rules.ErrorsAsync(list, cancellationToken) is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.HoldProfileAsync(user, clock, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var former = await ReadAsync(db, user.Id(), cancellationToken);
        if (http.ForbidsChange(ToPage(former)))
        {
            return Problems.PreconditionFailed();
        }

        // Written anew, all of them: names that change places would meet in the middle.
        await Of(db, user.Id()).ExecuteDeleteAsync(cancellationToken);
        var known = former.Select(item => item.Id).ToHashSet();
        List<TItem> items = [.. list.Items.Select((item, position) => New(KeptId(item.Id, known), user.Id(), position, item.Request!))];
        db.AddRange(items);
        if (await collection.SaveAsync(db, "items", cancellationToken) is { } conflict)
        {
            return conflict;
        }

        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(ToPage(items));
    }

    private async Task<Results<Ok<TResponse>, ProblemHttpResult>> Replace(
        Guid id,
        TRequest request,
        HttpRequest http,
        ClaimsPrincipal user,
        ProfileDbContext db,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if ((await HoldAsync(id, http, user, db, clock, cancellationToken)).IsProblem(out var problem, out var item))
        {
            return problem;
        }

        item.Apply(request);
        if (await collection.SaveAsync(db, "name", cancellationToken) is { } conflict)
        {
            return conflict;
        }

        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(item.ToResponse());
    }

    private async Task<Results<NoContent, ProblemHttpResult>> Delete(
        Guid id, HttpRequest http, ClaimsPrincipal user, ProfileDbContext db, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if ((await HoldAsync(id, http, user, db, clock, cancellationToken)).IsProblem(out var problem, out var item))
        {
            return problem;
        }

        db.Remove(item);
        await db.SaveChangesAsync(cancellationToken);
        await Of(db, item.UserId)
            .Where(later => later.Position > item.Position)
            .ExecuteUpdateAsync(update => update.SetProperty(later => later.Position, later => (short)(later.Position - 1)), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<ProblemOr<TItem>> HoldAsync(
        Guid id, HttpRequest http, ClaimsPrincipal user, ProfileDbContext db, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await db.HoldProfileAsync(user, clock, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var item = await Of(db, user.Id()).SingleOrDefaultAsync(item => item.Id == id, cancellationToken);
        return item is null ? NotFound()
            : http.ForbidsChange(item.ToResponse()) ? Problems.PreconditionFailed()
            : item;
    }

    /// <summary>An item that was here before and is sent back keeps its id; one id is good for one item.</summary>
    private static Guid KeptId(Guid? sent, HashSet<Guid> known) => sent is { } id && known.Remove(id) ? id : Guid.CreateVersion7();

    private static TItem New(Guid id, Guid userId, int position, TRequest request)
    {
        var item = new TItem { Id = id, UserId = userId, Position = (short)position };
        item.Apply(request);
        return item;
    }

    private static IQueryable<TItem> Of(ProfileDbContext db, Guid userId) =>
        db.Set<TItem>().Where(item => item.UserId == userId);

    private static Task<List<TItem>> ReadAsync(ProfileDbContext db, Guid userId, CancellationToken cancellationToken) =>
        Of(db, userId).AsNoTracking().OrderBy(item => item.Position).ToListAsync(cancellationToken);

    private static Page<TResponse> ToPage(List<TItem> items) => new(items.ConvertAll(item => item.ToResponse()));

    private static ProblemHttpResult NotFound() => Problems.NotFound("item_not_found", "There is no such item.");
}
