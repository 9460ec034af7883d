using System.Security.Claims;
using Explaino.IdentityService.Audit;
using Explaino.IdentityService.Data;
using Explaino.IdentityService.Passwords;
using Explaino.IdentityService.Users;
using Explaino.ServiceData.Audit;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Explaino.IdentityService.Sessions;

internal static class TokenEndpoints
{
    public static void MapTokens(this IEndpointRouteBuilder api)
    {
        var auth = api.MapGroup("/auth").WithTags("Tokens");
        auth.MapPost("/token", LogIn).AllowAnonymous().WithName(nameof(LogIn)).WithSummary("Log in").NeverCompressed();
        auth.MapPost("/token/refresh", Refresh).AllowAnonymous().WithName(nameof(Refresh)).WithSummary("Refresh a pair of tokens").NeverCompressed();
        auth.MapPost("/logout", LogOut).WithName(nameof(LogOut)).WithSummary("Log out: revoke the session of a refresh token");
    }

    private static async Task<Results<Ok<TokenResponse>, ProblemHttpResult>> LogIn(
        TokenRequest request, IdentityDbContext db, AccountLockout lockout, PasswordHashing hashing, AccessTokens tokens,
        AuditLog audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        // Only what the password is verified with: all else is read when the session is opened.
        var email = EmailAddress.Normalize(request.Email!);
        var verified = await db.Users.Where(user => user.NormalizedEmail == email)
            .Select(user => new { user.Id, user.Password, user.PasswordStamp }).SingleOrDefaultAsync(cancellationToken);
        var (result, locked) = await lockout.VerifyAsync(
            new(AuditActions.LogIn, email, verified?.Id, verified?.Password), request.Password!, cancellationToken);
        if (locked is not null)
        {
            audit.Refused(AuditActions.LogIn, verified?.Id); // To the log only: each of the ten tries before it is an entry.
            return locked;
        }

        if (verified is null || result == PasswordVerificationResult.Failed)
        {
            return WrongCredentials();
        }

        if (result == PasswordVerificationResult.SuccessRehashNeeded)
        {
            await RehashAsync(db, hashing, verified.Id, verified.Password, request.Password!, cancellationToken);
        }

        var now = clock.GetUtcNow();
        var (token, tokenHash) = RefreshTokens.Create();
        var sessionId = Guid.CreateVersion7(now);
        var entry = audit.Prepare(AuditActions.LogIn, verified.Id);
        if (await db.OpenSessionAsync(verified.PasswordStamp, sessionId, tokenHash, entry, now, cancellationToken) is not { } user)
        {
            return await WhyNotAsync(db, verified.Id, verified.PasswordStamp, audit, now, cancellationToken);
        }

        audit.Say(entry);
        return TypedResults.Ok(Pair(await tokens.CreateAsync(user, sessionId, now, cancellationToken), token));
    }

    private static async Task RehashAsync(
        IdentityDbContext db, PasswordHashing hashing, Guid userId, string former, string password, CancellationToken cancellationToken)
    {
        var hash = await hashing.HashAsync(password, cancellationToken);
        await db.Users.Where(row => row.Id == userId && row.Password == former)
            .ExecuteUpdateAsync(update => update.SetProperty(row => row.Password, hash), cancellationToken);
    }

    private static async Task<Results<Ok<TokenResponse>, ProblemHttpResult>> Refresh(
        RefreshTokenRequest request, IdentityDbContext db, RefreshTokens refreshTokens, AccessTokens tokens, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        // The user is read after the token was spent: what is gone or changed by then shows.
        var now = clock.GetUtcNow();
        return await refreshTokens.RotateAsync(request.RefreshToken!, cancellationToken) is { } session
            && await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == session.UserId, cancellationToken) is { } user
            ? TypedResults.Ok(Pair(await tokens.CreateAsync(user, session.Id, now, cancellationToken), session.RefreshToken))
            : Problems.Unauthorized("refresh_token_invalid", "The refresh token is unknown, expired, spent or revoked; log in again.");
    }

    private static async Task<NoContent> LogOut(
        RefreshTokenRequest request, ClaimsPrincipal user, IdentityDbContext db, SessionRevoker revoker, CancellationToken cancellationToken)
    {
        var hash = RefreshTokens.HashOf(request.RefreshToken!);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var token = await db.RefreshTokens.AsNoTracking().SingleOrDefaultAsync(token => token.Hash == hash, cancellationToken);
        if (token is not null)
        {
            await revoker.RevokeAsync(user.Id(), token.SessionId, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>Only whoever knows the password is told of a suspension.</summary>
    private static async Task<ProblemHttpResult> WhyNotAsync(
        IdentityDbContext db, Guid userId, Guid passwordStamp, AuditLog audit, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var user = await db.LockUserAsync(userId, cancellationToken);
        if (user is not null)
        {
            db.AuditEntries.Add(audit.Refused(AuditActions.LogIn, userId));
            await db.SaveChangesAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return user is not null && user.PasswordStamp == passwordStamp && user.SuspendedUntil(now) is { } until ? Suspension.Problem(until) : WrongCredentials();
    }

    private static TokenResponse Pair(string accessToken, string refreshToken) =>
        new(accessToken, refreshToken, "Bearer", (int)BearerAuthentication.Lifetime.TotalSeconds);

    private static ProblemHttpResult WrongCredentials() =>
        Problems.Unauthorized("invalid_credentials", "The email address or the password is wrong.");
}
