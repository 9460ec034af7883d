using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Explaino.IdentityService.Data;
using Explaino.IdentityService.Users;
using Explaino.ServiceData.Audit;
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
internal sealed class AccountLockout(IdentityDbContext db, PasswordHashing hashing, AuditLog audit, TimeProvider clock)
{
    public const int MaximumFailures = 10;
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    /// <summary>Older than this an undecided attempt is one whose process died; it counts as failed.</summary>
    private static readonly TimeSpan UndecidedTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <param name="claim">For which account it is given, and what for.</param>
    /// <param name="password">What was given.</param>
    public async Task<(PasswordVerificationResult Result, ProblemHttpResult? Locked)> VerifyAsync(
        PasswordClaim claim, string password, CancellationToken cancellationToken)
    {
        var account = AccountOf(claim.Email);
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
            result = await hashing.VerifyAsync(claim.Hash, password, CancellationToken.None);
        }
        catch (DependencyUnavailableException)
        {
            // Nobody has looked at this password: the account is not to be locked for it.
            await db.LoginAttempts.Where(login => login.Id == id).ExecuteDeleteAsync(CancellationToken.None);
            throw;
        }

        await (result == PasswordVerificationResult.Failed ? KeepAsync(id, audit.Refused(claim.Action, claim.UserId)) : ForgetAsync(account, id));
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

    // One statement, so that it takes as long where there is no account, of which nothing is kept. Its main query, which waits for a deletion of the
    // account under way, runs before its first part, as a deletion locks.
    private Task<int> KeepAsync(Guid id, ActionAudited refused) => db.Database.ExecuteSqlAsync(
        $"""
        WITH failed AS (
            UPDATE login_failures SET failed = true WHERE id = {id}
        ), account AS (
            SELECT id FROM users WHERE id = {refused.SubjectId} FOR KEY SHARE
        )
        INSERT INTO audit_entries (id, at, service, action, actor_kind, actor_id, subject_type, subject_id, outcome, ip, user_agent, trace_id)
        SELECT {refused.EventId}, {refused.OccurredAt}, {refused.Service}, {refused.Action}, {refused.ActorKind}, {refused.ActorId}::uuid,
            {refused.SubjectType}, account.id, {refused.Outcome}, {refused.Ip}, {refused.UserAgent}, {refused.TraceId}
        FROM account
        """);

    private Task<int> ForgetAsync(byte[] account, Guid id) =>
        db.LoginAttempts.Where(login => login.Account == account && (login.Failed || login.Id == id)).ExecuteDeleteAsync();

    private static ProblemHttpResult Locked(TimeSpan delay) =>
        Problems.Of(StatusCodes.Status429TooManyRequests, "account_locked", "Too many wrong passwords were tried for this account; try again later.")
            .RetryAfter(delay);
}

/// <summary>A password that is given for an account.</summary>
/// <param name="Action">What it is to prove the right to, for the audit log.</param>
/// <param name="Email">The account's login name, existing or not.</param>
/// <param name="UserId">Whose it is; null if there is no such account.</param>
/// <param name="Hash">What the password must match; null if there is no such account.</param>
internal sealed record PasswordClaim(string Action, string Email, Guid? UserId, string? Hash)
{
    public static PasswordClaim Of(string action, User user) => new(action, user.Email, user.Id, user.Password);
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
