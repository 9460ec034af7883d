using System.Security.Claims;
using System.Security.Cryptography;
using Explaino.IdentityService.Audit;
using Explaino.IdentityService.Codes;
using Explaino.IdentityService.Data;
using Explaino.IdentityService.Mail;
using Explaino.IdentityService.Passwords;
using Explaino.IdentityService.Sessions;
using Explaino.ServiceData.Audit;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Explaino.IdentityService.Users;

/// <summary>Change of the email address: with the password, by a code mailed to the new one; the old one can undo it for three days.</summary>
internal static class EmailChangeEndpoints
{
    public static void MapEmailChange(this IEndpointRouteBuilder api)
    {
        var email = api.MapGroup("/auth/email").WithTags("Email");
        email.MapPost("/change", ChangeEmail).WithName(nameof(ChangeEmail)).WithSummary("Send a code to a new email address for the current user");
        email.MapPost("/confirm", ConfirmEmailChange).WithName(nameof(ConfirmEmailChange)).WithSummary("Change the current user's email address with that code");
        email.MapPost("/undo", UndoEmailChange).AllowAnonymous().WithName(nameof(UndoEmailChange))
            .WithSummary("Undo a change of an email address with the code mailed to the old one");
    }

    // Whether the new address is somebody's, is found out later, by the worker: the answer takes the same time for any.
    private static async Task<Results<Accepted, ProblemHttpResult>> ChangeEmail(
        ChangeEmailRequest request, ClaimsPrincipal principal, IdentityDbContext db, AccountLockout lockout, MailedCodes codes, MailSignal signal,
        TimeProvider clock, CancellationToken cancellationToken)
    {
        var id = principal.Id();
        if (await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == id, cancellationToken) is not { } verified)
        {
            return UserLocks.SessionEnded();
        }

        var (result, locked) = await lockout.VerifyAsync(PasswordClaim.Of(AuditActions.EmailChange, verified), request.Password!, cancellationToken);
        if (locked is not null)
        {
            return locked;
        }

        if (result == PasswordVerificationResult.Failed)
        {
            return Problems.Invalid("password", "Is wrong.");
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.LockCallerAsync(principal, cancellationToken) is not { } user || user.PasswordStamp != verified.PasswordStamp)
        {
            return UserLocks.SessionEnded();
        }

        db.Mails.Add(OutgoingMail.New(EmailAddress.Normalize(request.NewEmail!), MailPurpose.EmailChange, codes.AskerOf(id), clock, id));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        signal.Wake();
        return TypedResults.Accepted((string?)null);
    }

    private static async Task<Results<Ok<UserResponse>, ProblemHttpResult>> ConfirmEmailChange(
        VerifyEmailRequest request, ClaimsPrincipal principal, IdentityDbContext db, MailedCodes codes, AccountLockout lockout, MailSignal signal,
        AuditLog audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.LockCallerAsync(principal, cancellationToken) is not { } user)
        {
            return UserLocks.SessionEnded();
        }

        if (await codes.UseAsync(user, CodePurpose.EmailChange, request.Code!, codes.AskerOf(user.Id), cancellationToken) is not { Email: { } address })
        {
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken); // the try counts
            return Problems.Invalid("code", "Is wrong or expired.");
        }

        var (now, former) = (clock.GetUtcNow(), user.NormalizedEmail);
        user.Email = address;
        user.EmailVerified = true;
        user.Touch(now);

        db.AuditEntries.Add(audit.Done(AuditActions.EmailChange, user.Id));

        // Of an asker of its own: a further change must not replace the code that undoes this one.
        db.Mails.Add(OutgoingMail.New(former, MailPurpose.EmailUndo, codes.AskerOf(Guid.CreateVersion7(now)), clock, user.Id));
        if (await TrySaveAsync(db, user, codes, cancellationToken) is { } taken)
        {
            return taken;
        }

        await lockout.ForgetAsync(former, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        signal.Wake();
        return TypedResults.Ok(UserResponse.From(user));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> UndoEmailChange(
        UndoEmailChangeRequest request, HttpContext http, IdentityDbContext db, PasswordHashing hashing, MailedCodes codes, SessionRevoker revoker,
        AuditLog audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        // Hashed in any case and before any lock: a wrong code and an unknown address cost the same. Nobody knows the new password: it must be reset.
        var hash = await hashing.HashAsync(Convert.ToHexString(RandomNumberGenerator.GetBytes(32)), cancellationToken);
        var (email, now) = (EmailAddress.Normalize(request.Email!), clock.GetUtcNow());
        var id = await db.Codes.Where(code => code.Email == email && code.Purpose == CodePurpose.EmailUndo && code.ExpiresAt > now)
            .OrderByDescending(code => code.MadeAt).Select(code => code.UserId).FirstOrDefaultAsync(cancellationToken);

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var user = await db.LockUserAsync(id, cancellationToken);
        if (user is null || await codes.UseAsync(user, CodePurpose.EmailUndo, request.Code!, codes.AskerOf(http), cancellationToken) is not { Email: { } former })
        {
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken); // the guess counts
            return Problems.Invalid("code", "Is wrong or expired.");
        }

        user.Email = former;
        user.EmailVerified = true;
        user.Password = hash;
        user.PasswordStamp = Guid.CreateVersion7(now);
        user.Touch(now);
        db.AuditEntries.Add(audit.Done(AuditActions.EmailChangeUndo, user.Id));
        if (await TrySaveAsync(db, user, codes, cancellationToken) is { } taken)
        {
            return taken;
        }

        await revoker.RevokeAllAsync(user.Id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>What was mailed to the address before is worthless from now on, but for the code that undoes the change.</summary>
    /// <returns>Null, or the 409 of an address that somebody else has by now.</returns>
    private static async Task<ProblemHttpResult?> TrySaveAsync(IdentityDbContext db, User user, MailedCodes codes, CancellationToken cancellationToken)
    {
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException refused) when (refused.ViolatesUniqueness())
        {
            return Problems.Conflict("already_taken", "Somebody else has this email address.");
        }

        await codes.VoidAsync(user.Id, CodePurpose.EmailUndo, cancellationToken);
        return null;
    }
}
