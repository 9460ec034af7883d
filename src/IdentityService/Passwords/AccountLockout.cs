using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Explaino.IdentityService.Data;
using Explaino.IdentityService.Users;
using Explaino.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.IdentityService.Passwords;

/// <summary>
/// Account lockout: looks at a password for an account, and at no more than ten wrong ones in a quarter of an hour, on however many instances they are
/// tried at once.
/// </summary>
/// <remarks>
/// 1. An attempt is stored as one of at most ten before anything is hashed; the account's advisory lock makes counting and storing one step.
/// 2. The password is hashed without holding a connection. 3. Right: the account's attempts are deleted. Wrong: the attempt counts for 15 minutes.
/// Who finds ten attempts waits while some of them are undecided: many right passwords at once are all let in.
/// </remarks>
internal sealed class AccountLockout(IdentityDbContext db, PasswordHashing hashing, TimeProvider clock)
{
    public const int MaximumFailures = 10;
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    /// <summary>Older than this an undecided attempt is one whose process died; it counts as failed.</summary>
    private static readonly TimeSpan UndecidedTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <param name="email">The account's login name, existing or not.</param>
    /// <param name="hash">What the password must match; null if there is no such account.</param>
    /// <param name="password">What was given.</param>
    public async Task<(PasswordVerificationResult Result, ProblemHttpResult? Locked)> VerifyAsync(
        string email, string? hash, string password, CancellationToken cancellationToken)
    {
        var account = AccountOf(email);
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        var started = clock.GetTimestamp();

        while (!await TryStoreAttemptAsync(id, account, cancellationToken))
        {
            if (await RetryAfterAsync(account, cancellationToken) is { } delay)
            {
                return (PasswordVerificationResult.Failed, Locked(delay));
            }

            if (clock.GetElapsedTime(started) > UndecidedTimeout)
            {
                return (PasswordVerificationResult.Failed, Locked(TimeSpan.FromSeconds(1)));
            }

            await Task.Delay(PollInterval, clock, cancellationToken);
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
            await db.LoginAttempts.Where(login => login.Id == id).ExecuteDeleteAsync(CancellationToken.None);
            throw;
        }

        await (result == PasswordVerificationResult.Failed ? KeepAsync(id) : ForgetAsync(account, id));
        return (result, null);
    }

    /// <summary>Forgets an account's failures: somebody has proven that it is theirs, or it is gone.</summary>
    public Task ForgetAsync(string email, CancellationToken cancellationToken)
    {
        var account = AccountOf(email);
        return db.LoginAttempts.Where(login => login.Account == account).ExecuteDeleteAsync(cancellationToken);
    }

    private static byte[] AccountOf(string email) => SHA256.HashData(Encoding.UTF8.GetBytes(User.Normalize(email)));

    // Two statements, one implicit transaction, one round trip: the second has a snapshot from after the lock was granted.
    private async Task<bool> TryStoreAttemptAsync(Guid id, byte[] account, CancellationToken cancellationToken)
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
        var failures = await db.LoginAttempts
            .Where(login => login.Account == account && login.TriedAt > now - Window && (login.Failed || login.TriedAt < now - UndecidedTimeout))
            .OrderByDescending(login => login.TriedAt)
            .Select(login => login.TriedAt)
            .Take(MaximumFailures)
            .ToListAsync(cancellationToken);

        return failures.Count < MaximumFailures ? null : failures[^1] + Window - now;
    }

    private Task<int> KeepAsync(Guid id) =>
        db.LoginAttempts.Where(login => login.Id == id).ExecuteUpdateAsync(update => update.SetProperty(login => login.Failed, true));

    private Task<int> ForgetAsync(byte[] account, Guid id) =>
        db.LoginAttempts.Where(login => login.Account == account && (login.Failed || login.Id == id)).ExecuteDeleteAsync();

    private static ProblemHttpResult Locked(TimeSpan delay) =>
        Problems.Of(StatusCodes.Status429TooManyRequests, "account_locked", "Too many wrong passwords were tried for this account; try again later.")
            .RetryAfter(delay);
}

/// <summary>A login attempt: one password tried for one account, which need not exist; deleted once the right one was given.</summary>
public sealed class LoginAttempt
{
    public required Guid Id { get; init; }

    /// <summary>A hash of the email address: the table keeps no list of what was typed.</summary>
    public required byte[] Account { get; init; }

    public required DateTimeOffset TriedAt { get; init; }

    /// <summary>False while the password is still being looked at.</summary>
    public bool Failed { get; init; }
}

internal sealed class LoginAttemptConfiguration : IEntityTypeConfiguration<LoginAttempt>
{
    public void Configure(EntityTypeBuilder<LoginAttempt> builder)
    {
        builder.ToTable("login_failures");
        builder.HasIndex(login => new { login.Account, login.TriedAt }).HasDatabaseName("ix_login_failures_account_tried_at");
        builder.HasIndex(login => login.TriedAt).HasDatabaseName("ix_login_failures_tried_at");
    }
}
