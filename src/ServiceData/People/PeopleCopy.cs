using System.Security.Claims;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Explaino.ServiceData.People;

/// <summary>The statements that keep a <see cref="Person"/> right whatever the order in which events and the person's own requests arrive.</summary>
public static class PeopleCopy
{
    /// <summary>Takes versions over, of each person the latest, unless a later one, or the person's end, is known already.</summary>
    internal static Task<int> ApplyAsync(this DbContext db, IReadOnlyList<UserUpdated> versions)
    {
        var users = versions.GroupBy(user => user.UserId).Select(user => user.MaxBy(version => version.Version)!).ToList();
        return db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO people AS p (id, username, first_name, last_name, bio, profile_image, created_at, version)
            SELECT * FROM unnest(
                {Of(user => user.UserId)}, {Of(user => user.Username)}, {Of(user => user.FirstName)}, {Of(user => user.LastName)}, {Of(user => user.Bio)},
                {Of(user => user.ProfileImage)}, {Of(user => user.CreatedAt.ToUniversalTime())}, {Of(user => user.Version)}) AS u (id) ORDER BY u.id
            ON CONFLICT (id) DO UPDATE
            SET username = excluded.username, first_name = excluded.first_name, last_name = excluded.last_name, bio = excluded.bio,
                profile_image = excluded.profile_image, created_at = excluded.created_at, version = excluded.version
            WHERE p.version < excluded.version AND p.deleted_at IS NULL
            """);

        T[] Of<T>(Func<UserUpdated, T> column) => [.. users.Select(column)];
    }

    /// <summary>
    /// Tombstone: marks a person deleted, and empties the copy for good. Call it first in the transaction that removes what the person owned: it waits for their own writes under way
    /// (<see cref="LockActivePersonAsync"/>) and stops later ones.
    /// </summary>
    public static Task MarkDeletedAsync(this DbContext db, UserDeleted user, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO people AS p (id, version, deleted_at) VALUES ({user.UserId}, 0, {user.DeletedAt.ToUniversalTime()})
            ON CONFLICT (id) DO UPDATE
            SET username = NULL, first_name = NULL, last_name = NULL, bio = NULL, profile_image = NULL, created_at = NULL,
                deleted_at = coalesce(p.deleted_at, excluded.deleted_at)
            """,
            cancellationToken);

    /// <summary>
    /// Row lock on the token's user, for a write inside its transaction: makes their row if no event has brought it yet, and holds it against deletion until
    /// the transaction ends. From here on the context knows the person.
    /// </summary>
    /// <returns>Null, or the 401 for a token that has outlived its user.</returns>
    public static async Task<ProblemHttpResult?> LockActivePersonAsync(this DbContext db, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var person = await LockAsync(db, user.Id(), cancellationToken);
        if (person is null)
        {
            await db.Database.ExecuteSqlAsync(
                $"INSERT INTO people (id, username, version) VALUES ({user.Id()}, {user.Identity!.Name}, 0) ON CONFLICT (id) DO NOTHING",
                cancellationToken);
            person = await LockAsync(db, user.Id(), cancellationToken);
        }

        return person is { DeletedAt: null } ? null : Deleted();
    }

    /// <summary>
    /// Runs a statement that writes on its own, in one round trip, and takes the row lock of <see cref="LockActivePersonAsync"/> itself (<c>FOR SHARE</c>). When it finds no
    /// active person, their row is made, if no event has brought it yet, and it runs once more.
    /// </summary>
    /// <returns>What the statement found; still without an active person for a token that has outlived its user: <see cref="Deleted"/>.</returns>
    public static async Task<T> WriteAsActivePersonAsync<T>(this DbContext db, ClaimsPrincipal user, Func<Task<T>> write, CancellationToken cancellationToken)
        where T : IWriteOfPerson
    {
        var written = await write();
        return written.IsActive || await db.LockActivePersonAsync(user, cancellationToken) is not null ? written : await write();
    }

    /// <summary>The 401 for a token that has outlived its user.</summary>
    public static ProblemHttpResult Deleted() => Problems.Of(StatusCodes.Status401Unauthorized, "unauthenticated", "The account has been deleted.");

    private static async Task<Person?> LockAsync(DbContext db, Guid id, CancellationToken cancellationToken) =>
        (await db.Set<Person>().FromSql($"SELECT * FROM people WHERE id = {id} FOR SHARE").ToListAsync(cancellationToken)).SingleOrDefault();
}

/// <summary>What a statement found that writes for a person, see <see cref="PeopleCopy.WriteAsActivePersonAsync"/>.</summary>
public interface IWriteOfPerson
{
    /// <summary>Whether the person's row is there and not deleted; if not, nothing was written.</summary>
    bool IsActive { get; }
}
