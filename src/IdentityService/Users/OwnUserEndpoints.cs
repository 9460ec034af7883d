using System.Security.Claims;
using Explaino.IdentityService.Data;
using Explaino.IdentityService.Passwords;
using Explaino.ServiceData.Moderation;
using Explaino.ServiceData.Outbox;
using Explaino.ServiceData.Reports;
using Explaino.ServiceData.Audit;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Http;
using Explaino.ServiceDefaults.Json;
using Explaino.ServiceDefaults.Validation;
using Explaino.ServiceFiles.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Explaino.IdentityService.Users;

internal static class OwnUserEndpoints
{
    private const string BeforeChange = "before_change";

    // Compiled, and with the session's check in the same statement, because every start of an app asks it.
    private static readonly Func<IdentityDbContext, Guid, Guid, CancellationToken, Task<User?>> FindCaller = EF.CompileAsyncQuery(
        (IdentityDbContext db, Guid id, Guid sessionId, CancellationToken _) => db.Users.AsNoTracking()
            .SingleOrDefault(user => user.Id == id && db.Sessions.Any(session => session.Id == sessionId && session.UserId == user.Id)));

    public static void MapOwnUser(this IEndpointRouteBuilder api)
    {
        var me = api.MapGroup("/users/me").WithTags("Users");
        me.MapGet("/", GetMe).WithName(nameof(GetMe)).WithSummary("Get the current user").WithETag()
            .WithMetadata(new ChecksSessionMetadata());
        me.MapPatch("/", ChangeMe).WithName(nameof(ChangeMe)).WithSummary("Change the current user").HonoursIfMatch();
        me.MapDelete("/", DeleteMe).WithName(nameof(DeleteMe)).WithSummary("Delete the current user and everything they own, in every service").HonoursIfMatch();
        me.MapPost("/deletion", DeleteMe).WithName("DeleteMeByPost")
            .WithSummary("Delete the current user, as DELETE does, for clients that send no body with it").HonoursIfMatch();
    }

    private static async Task<Results<Ok<UserResponse>, ProblemHttpResult>> GetMe(
        ClaimsPrincipal principal, IdentityDbContext db, CancellationToken cancellationToken) =>
        await FindCaller(db, principal.Id(), principal.SessionId(), cancellationToken) is { } user
            ? TypedResults.Ok(UserResponse.From(user))
            : UserLocks.SessionEnded();

    private static async Task<Results<Ok<UserResponse>, ProblemHttpResult>> ChangeMe(
        MergePatch<UserRequest> patch, HttpRequest http, ClaimsPrincipal principal, IdentityDbContext db, MergePatcher patcher, FileDisposal files,
        ContentTerms words, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.LockCallerAsync(principal, cancellationToken) is not { } user)
        {
            return UserLocks.SessionEnded();
        }

        if (http.ForbidsChange(UserResponse.From(user)))
        {
            return Problems.PreconditionFailed();
        }

        if ((await patcher.ApplyAsync(patch, UserRequest.From(user), cancellationToken)).IsProblem(out var invalid, out var changes))
        {
            return invalid;
        }

        if (words.Refuse(UserTexts.Of(changes)) is { } notAllowed)
        {
            return notAllowed;
        }

        var (now, phoneNumber, address) = (clock.GetUtcNow(), user.PhoneNumber, user.ProfileImage);
        changes.ApplyTo(user);
        if (db.Entry(user).State == EntityState.Unchanged)
        {
            return TypedResults.Ok(UserResponse.From(user));
        }

        if (user.PhoneNumber is not null && user.PhoneNumber != phoneNumber
            && await db.CountPhoneNumberAsync(user, now, cancellationToken) is { } tooMany)
        {
            return tooMany;
        }

        user.Touch(now);
        db.Outbox.Enqueue(user.ToUpdated(), user.Id, clock);
        if (words.Flags(UserTexts.Of(changes)))
        {
            db.Outbox.Flag(UserTexts.Reported(user), clock);
        }

        await transaction.CreateSavepointAsync(BeforeChange, cancellationToken);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException refused) when (refused.ViolatesUniqueness())
        {
            // That a number was tried stays.
            await transaction.RollbackToSavepointAsync(BeforeChange, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return await db.ExplainConflictAsync(user, cancellationToken);
        }

        var upload = user.ProfileImage == address ? null : await db.ForgetImageAsync(user.Id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await files.DiscardAsync(upload);
        return TypedResults.Ok(UserResponse.From(user));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteMe(
        [FromBody] DeleteUserRequest request, HttpRequest http, ClaimsPrincipal principal, IdentityDbContext db, AccountLockout lockout,
        UserDeletion deletion, CancellationToken cancellationToken)
    {
        var id = principal.Id();
        if (await FindCaller(db, id, principal.SessionId(), cancellationToken) is not { } verified)
        {
            return UserLocks.SessionEnded();
        }

        var (result, locked) = await lockout.VerifyAsync(PasswordClaim.Of(AuditActions.Deletion, verified), request.Password!, cancellationToken);
        if (locked is not null)
        {
            return locked;
        }

        if (result == PasswordVerificationResult.Failed)
        {
            return Problems.Invalid("password", new Violation("incorrect", "Is wrong."));
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.LockAdminsAsync(cancellationToken);
        if (await db.LockCallerAsync(principal, cancellationToken) is not { } user)
        {
            return UserLocks.SessionEnded();
        }

        if (user.PasswordStamp != verified.PasswordStamp)
        {
            return Problems.Invalid("password", new Violation("incorrect", "Is wrong."));
        }

        if (http.ForbidsChange(UserResponse.From(user)))
        {
            return Problems.PreconditionFailed();
        }

        return await deletion.DeleteAsync(user, transaction, cancellationToken) is { } refusal ? refusal : TypedResults.NoContent();
    }
}
