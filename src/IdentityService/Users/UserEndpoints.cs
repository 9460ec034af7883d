using System.Linq.Expressions;
using System.Security.Claims;
using Explaino.IdentityService.Data;
using Explaino.ServiceData.Search;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Http;
using Explaino.ServiceDefaults.Paging;
using Explaino.ServiceDefaults.Validation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Explaino.IdentityService.Users;

internal static class UserEndpoints
{
    private const int MaximumIds = 100;

    private static readonly Expression<Func<User, PublicUserResponse>> ToPublic = user =>
        new(user.Id, user.Username, user.FirstName, user.LastName, user.Bio, user.ProfileImage, user.CreatedAt);

    public static void MapUsers(this IEndpointRouteBuilder api)
    {
        var users = api.MapGroup("/users").WithTags("Users");
        users.MapGet("/{id:guid}", GetUser).WithName(nameof(GetUser)).WithSummary("Get a user").WithETag();
        users.MapGet("/", FindUsers).WithName(nameof(FindUsers)).WithSummary("Find users by name or id, in the order of their usernames");
    }

    public static ProblemHttpResult NoSuchUser() => Problems.NotFound("user_not_found", "There is no such user.");

    private static async Task<Results<Ok<PublicUserResponse>, ProblemHttpResult>> GetUser(
        Guid id, IdentityDbContext db, CancellationToken cancellationToken)
    {
        var user = await db.Users.Where(user => user.Id == id).Select(ToPublic).SingleOrDefaultAsync(cancellationToken);
        return user is null ? NoSuchUser() : TypedResults.Ok(user);
    }

    private static async Task<Results<Ok<Page<PublicUserResponse>>, ProblemHttpResult>> FindUsers(
        [AsParameters] UserFilter filter, [AsParameters] PageRequest page, ClaimsPrincipal caller, IdentityDbContext db, CancellationToken cancellationToken)
    {
        var list = $"users\n{filter.Username}\n{filter.Ids}\n{filter.Q}";
        if (!page.TryRead<UsernameKey>(list, out var after, out var refusal))
        {
            return refusal;
        }

        var users = db.Users.AsQueryable();
        if (filter.Username?.Trim() is { Length: > 0 } username)
        {
            users = users.Where(user => user.NormalizedUsername == User.Normalize(username));
        }

        if (filter.Q?.Trim() is { Length: > 0 } text)
        {
            var callerId = caller.Id();
            users =
                from user in users
                from query in db.TextBeginnings(text)
                where user.Words!.Matches(query.Query) && !db.Blocks.Any(block => block.BlockerId == callerId && block.BlockedId == user.Id)
                select user;
        }

        if (filter.Ids is not null)
        {
            return TryReadIds(filter.Ids) is { } ids
                ? TypedResults.Ok(new Page<PublicUserResponse>(await users
                    .Where(user => ids.Contains(user.Id)).OrderBy(user => user.NormalizedUsername).Select(ToPublic).ToListAsync(cancellationToken)))
                : Problems.Invalid("ids", new Violation("wrong_form", $"Must be at most {MaximumIds} UUIDs, separated by commas.", Max: MaximumIds));
        }

        var found = await users.After(after).OrderBy(user => user.NormalizedUsername).Take(page.Rows).Select(ToPublic).ToListAsync(cancellationToken);
        return TypedResults.Ok(found.ToPage(page, list, user => UsernameKey.Of(user.Username)));
    }

    private static List<Guid>? TryReadIds(string text)
    {
        var ids = new List<Guid>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (ids.Count == MaximumIds || !Guid.TryParseExact(part, "D", out var id))
            {
                return null;
            }

            ids.Add(id);
        }

        return ids;
    }
}

/// <summary>Where a page of a list by username ends.</summary>
internal sealed record UsernameKey(string Username)
{
    public static UsernameKey Of(string username) => new(User.Normalize(username));
}

internal static class UserPages
{
#pragma warning disable CA1309 // It becomes SQL, where the column's collation decides: byte order.
    public static IQueryable<User> After(this IQueryable<User> users, UsernameKey? key) =>
        key is null ? users : users.Where(user => string.Compare(user.NormalizedUsername, key.Username) > 0);
#pragma warning restore CA1309
}
