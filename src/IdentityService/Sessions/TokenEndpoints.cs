using System.Security.Claims;
using Explaino.IdentityService.Data;
using Explaino.IdentityService.Passwords;
using Explaino.IdentityService.Users;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Explaino.IdentityService.Sessions;

internal static class TokenEndpoints
{
    public static void MapTokens(this IEndpointRouteBuilder api)
    {
        var auth = api.MapGroup("/auth").WithTags("Tokens");
        auth.MapPost("/token", LogIn).AllowAnonymous().WithName(nameof(LogIn)).WithSummary("Log in");
        auth.MapPost("/token/refresh", Refresh).AllowAnonymous().WithName(nameof(Refresh)).WithSummary("Spend a refresh token for a new pair");
        auth.MapPost("/logout", LogOut).WithName(nameof(LogOut)).WithSummary("Revoke the session of a refresh token");
    }

    private static async Task<Results<Ok<TokenResponse>, ProblemHttpResult>> LogIn(
        TokenRequest request, HttpContext http, IdentityDbContext db, PasswordGuard guard, PasswordHashing hashing, AccessTokens tokens,
        TimeProvider clock, CancellationToken cancellationToken)
    {
        var email = User.Normalize(request.Email!);
        var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.NormalizedEmail == email, cancellationToken);
        var (result, locked) = await guard.VerifyAsync(email, user?.Password, request.Password!, cancellationToken);
        if (locked is not null)
        {
            return locked;
        }

        if (user is null || result == PasswordVerificationResult.Failed)
        {
            return WrongCredentials(http);
        }

        if (result == PasswordVerificationResult.SuccessRehashNeeded)
        {
            var hash = await hashing.HashAsync(request.Password!, cancellationToken);
            await db.Users.Where(row => row.Id == user.Id && row.Password == user.Password)
                .ExecuteUpdateAsync(update => update.SetProperty(row => row.Password, hash), cancellationToken);
        }

        var (token, tokenHash) = RefreshTokens.Create();
        var sessionId = Guid.CreateVersion7(clock.GetUtcNow());
        return await TryOpenAsync(db, user, sessionId, tokenHash, http, clock.GetUtcNow(), cancellationToken)
            ? TypedResults.Ok(Pair(await tokens.CreateAsync(user, sessionId, cancellationToken), token))
            : WrongCredentials(http);
    }

    private static async Task<Results<Ok<TokenResponse>, ProblemHttpResult>> Refresh(
        RefreshTokenRequest request, HttpContext http, IdentityDbContext db, RefreshTokens refreshTokens, AccessTokens tokens,
        CancellationToken cancellationToken)
    {
        // The user is read after the token was spent: what is gone or changed by then shows.
        return await refreshTokens.RotateAsync(request.RefreshToken!, cancellationToken) is { } session
            && await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == session.UserId, cancellationToken) is { } user
            ? TypedResults.Ok(Pair(await tokens.CreateAsync(user, session.Id, cancellationToken), session.RefreshToken))
            : Unauthorized(http, "refresh_token_invalid", "The refresh token is unknown, expired, spent or revoked; log in again.");
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

    // Only for the password that was verified: one that was changed, or whose user was deleted, meanwhile opens nothing.
    private static async Task<bool> TryOpenAsync(
        IdentityDbContext db, User user, Guid sessionId, byte[] tokenHash, HttpContext http, DateTimeOffset now, CancellationToken cancellationToken) =>
        await db.Database.ExecuteSqlAsync(
            $"""
            WITH session AS (
                INSERT INTO sessions (id, user_id, created_at, last_used_at, user_agent, ip)
                SELECT {sessionId}, id, {now}, {now}, {UserAgentOf(http)}, {AddressOf(http)}
                FROM users WHERE id = {user.Id} AND password_stamp = {user.PasswordStamp} FOR SHARE
                RETURNING id
            )
            INSERT INTO refresh_tokens (hash, session_id, expires_at) SELECT {tokenHash}, id, {now + RefreshTokens.Lifetime} FROM session
            """,
            cancellationToken) == 1;

    private static TokenResponse Pair(string accessToken, string refreshToken) =>
        new(accessToken, refreshToken, "Bearer", (int)BearerAuthentication.Lifetime.TotalSeconds);

    private static ProblemHttpResult WrongCredentials(HttpContext http) =>
        Unauthorized(http, "invalid_credentials", "The email address or the password is wrong.");

    private static ProblemHttpResult Unauthorized(HttpContext http, string code, string detail)
    {
        http.Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.Of(StatusCodes.Status401Unauthorized, code, detail);
    }

    private static string? UserAgentOf(HttpContext http)
    {
        var text = string.Concat(http.Request.Headers.UserAgent.ToString().Where(character => !char.IsControl(character)));
        return text.Length switch
        {
            0 => null,
            > SessionConfiguration.MaximumUserAgentLength => text[..SessionConfiguration.MaximumUserAgentLength],
            _ => text,
        };
    }

    private static string? AddressOf(HttpContext http) =>
        http.Connection.RemoteIpAddress switch
        {
            { IsIPv4MappedToIPv6: true } mapped => mapped.MapToIPv4().ToString(),
            { } address => address.ToString(),
            null => null,
        };
}
