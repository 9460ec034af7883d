using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Explaino.IdentityService.Data;
using Explaino.IdentityService.Users;
using Explaino.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Explaino.IdentityService.Passwords;

/// <summary>
/// Looks at a password for an account, and at no more than ten wrong ones in a quarter of an hour, on however many instances they are tried at once.
/// </summary>
/// <remarks>
/// 1. A place among the ten is taken in the database before anything is hashed; the account's advisory lock makes counting and taking one step.
/// 2. The password is hashed without holding a connection. 3. Right: the account's failures are forgotten. Wrong: the place stays taken for 15 minutes.
/// A try that finds all places taken waits while some of them are undecided: many right passwords at once are all let in.
/// </remarks>
internal sealed class PasswordGuard(IdentityDbContext db, PasswordHashing hashing, TimeProvider clock)
{
    public const int MaximumFailures = 10;
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    /// <summary>Older than this an undecided try is one whose process died; it counts as failed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <param name="email">The account's login name, existing or not.</param>
    /// <param name="hash">What the password must match; null if there is no such account.</param>
    /// <param name="password">What was given.</param>
    public async Task<(PasswordVerificationResult Result, ProblemHttpResult? Locked)> VerifyAsync(
        string email, string? hash, string password, CancellationToken cancellationToken)
    {
        var account = AccountOf(email);
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        var started = clock.GetTimestamp();

        while (!await TryTakePlaceAsync(id, account, cancellationToken))
        {
            if (await RetryAfterAsync(account, cancellationToken) is { } delay)
            {
                return (PasswordVerificationResult.Failed, Locked(delay));
            }

            if (clock.GetElapsedTime(started) > Patience)
            {
                return (PasswordVerificationResult.Failed, Locked(TimeSpan.FromSeconds(1)));
            }

            await Task.Delay(Pause, cancellationToken);
        }

        // From here on the outcome is recorded whether or not the client still waits for it.
        PasswordVerificationResult result;
        try
        {
            result = await hashing.VerifyAsync(hash, password, CancellationToken.None);
        }
        catch (DependencyUnavailableException)
        {
            // Nobody has looked at this password: the account is not to be locked for it.
            await db.LoginTries.Where(login => login.Id == id).ExecuteDeleteAsync(CancellationToken.None);
            throw;
        }

        await (result == PasswordVerificationResult.Failed ? KeepAsync(id) : ForgetAsync(account, id));
        return (result, null);
    }

    /// <summary>Forgets an account's failures: somebody has proven that it is theirs, or it is gone.</summary>
    public Task ForgetAsync(string email, CancellationToken cancellationToken)
    {
        var account = AccountOf(email);
        return db.LoginTries.Where(login => login.Account == account).ExecuteDeleteAsync(cancellationToken);
    }

    private static byte[] AccountOf(string email) => SHA256.HashData(Encoding.UTF8.GetBytes(User.Normalize(email)));

    // Two statements, one implicit transaction, one round trip: the second has a snapshot from after the lock was granted.
    private async Task<bool> TryTakePlaceAsync(Guid id, byte[] account, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return await db.Database.ExecuteSqlAsync(
            $"""
            SELECT pg_advisory_xact_lock({BinaryPrimitives.ReadInt64BigEndian(account)});
            INSERT INTO login_failures (id, account, tried_at, failed)
            SELECT {id}, {account}, {now}, false
            WHERE (SELECT count(*) FROM login_failures WHERE account = {account} AND tried_at > {now - Window}) < {MaximumFailures}
            """,
            cancellationToken) == 1;
    }

    /// <returns>When the oldest of ten failures leaves the window; null if there are not ten, some being undecided.</returns>
    private async Task<TimeSpan?> RetryAfterAsync(byte[] account, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var failures = await db.LoginTries
            .Where(login => login.Account == account && login.TriedAt > now - Window && (login.Failed || login.TriedAt < now - Patience))
            .OrderByDescending(login => login.TriedAt)
            .Select(login => login.TriedAt)
            .Take(MaximumFailures)
            .ToListAsync(cancellationToken);

        return failures.Count < MaximumFailures ? null : failures[^1] + Window - now;
    }

    private Task<int> KeepAsync(Guid id) =>
        db.LoginTries.Where(login => login.Id == id).ExecuteUpdateAsync(update => update.SetProperty(login => login.Failed, true));

    private Task<int> ForgetAsync(byte[] account, Guid id) =>
        db.LoginTries.Where(login => login.Account == account && (login.Failed || login.Id == id)).ExecuteDeleteAsync();

    private static ProblemHttpResult Locked(TimeSpan delay) =>
        Problems.Of(StatusCodes.Status429TooManyRequests, "account_locked", "Too many wrong passwords were tried for this account; try again later.")
            .RetryAfter(delay);
}
