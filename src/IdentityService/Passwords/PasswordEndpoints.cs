using System.Security.Claims;
using Explaino.IdentityService.Audit;
using Explaino.IdentityService.Codes;
using Explaino.IdentityService.Data;
using Explaino.IdentityService.Mail;
using Explaino.IdentityService.Sessions;
using Explaino.IdentityService.Users;
using Explaino.ServiceData.Audit;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Validation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Explaino.IdentityService.Passwords;

internal static class PasswordEndpoints
{
    public static void MapPasswords(this IEndpointRouteBuilder api)
    {
        var password = api.MapGroup("/auth/password").WithTags("Passwords");
        password.MapPost("/change", ChangePassword).WithName(nameof(ChangePassword)).WithSummary("Change the current user's password, and end their other sessions");
        password.MapPost("/forgot", ForgotPassword).AllowAnonymous().WithName(nameof(ForgotPassword)).WithSummary("Send a password reset code");
        password.MapPost("/reset", ResetPassword).AllowAnonymous().WithName(nameof(ResetPassword)).WithSummary("Reset a password with a code");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ChangePassword(
        ChangePasswordRequest request, ClaimsPrincipal principal, IdentityDbContext db, AccountLockout lockout, PasswordHashing hashing,
        SessionRevoker revoker, AuditLog audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        var id = principal.Id();
        var verified = await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == id, cancellationToken);
        if (verified is null)
        {
            return UserLocks.SessionEnded();
        }

        var (result, locked) = await lockout.VerifyAsync(PasswordClaim.Of(AuditActions.PasswordChange, verified), request.CurrentPassword!, cancellationToken);
        if (locked is not null)
        {
            return locked;
        }

        if (result == PasswordVerificationResult.Failed)
        {
            return Wrong("current_password");
        }

        if (PasswordRules.Refuse(request.NewPassword!, verified.Email, verified.Username) is { } sentence)
        {
            return Problems.Invalid("new_password", sentence);
        }

        var hash = await hashing.HashAsync(request.NewPassword!, cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.LockCallerAsync(principal, cancellationToken) is not { } user)
        {
            return UserLocks.SessionEnded();
        }

        if (user.PasswordStamp != verified.PasswordStamp)
        {
            return Wrong("current_password");
        }

        SetPassword(user, hash, clock);
        db.Mails.Add(OutgoingMail.Notice(user, MailPurpose.PasswordChanged, clock));
        db.AuditEntries.Add(audit.Done(AuditActions.PasswordChange, id));
        await db.SaveChangesAsync(cancellationToken);
        await revoker.RevokeOthersAsync(id, principal.SessionId(), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    // Whose address it is, is found out later, by the worker: the answer takes the same time for any.
    private static async Task<Accepted> ForgotPassword(
        ForgotPasswordRequest request, HttpContext http, IdentityDbContext db, MailedCodes codes, MailSignal signal, TimeProvider clock, CancellationToken cancellationToken)
    {
        db.Mails.Add(OutgoingMail.New(EmailAddress.Normalize(request.Email!), MailPurpose.PasswordReset, codes.AskerOf(http), clock));
        await db.SaveChangesAsync(cancellationToken);
        signal.Wake();
        return TypedResults.Accepted((string?)null);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ResetPassword(
        ResetPasswordRequest request, HttpContext http, IdentityDbContext db, AccountLockout lockout, PasswordHashing hashing, MailedCodes codes, SessionRevoker revoker,
        AuditLog audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        // Hashed in any case and before any lock: a wrong code and an unknown address cost the same.
        var hash = await hashing.HashAsync(request.NewPassword!, cancellationToken);
        var email = EmailAddress.Normalize(request.Email!);
        var id = await db.Users.Where(user => user.NormalizedEmail == email).Select(user => user.Id).SingleOrDefaultAsync(cancellationToken);

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var user = await db.LockUserAsync(id, cancellationToken);
        if (user is null || !await codes.TryUseAsync(user, CodePurpose.PasswordReset, request.Code!, codes.AskerOf(http), cancellationToken))
        {
            await transaction.CommitAsync(cancellationToken); // the guess counts
            return Problems.Invalid("code", new Violation("incorrect", "Is wrong or expired."));
        }

        if (PasswordRules.Refuse(request.NewPassword!, user.Email, user.Username) is { } sentence)
        {
            return Problems.Invalid("new_password", sentence); // rolled back: the right code is still good
        }

        SetPassword(user, hash, clock);
        db.Mails.Add(OutgoingMail.Notice(user, MailPurpose.PasswordChanged, clock));
        db.AuditEntries.Add(audit.Done(AuditActions.PasswordReset, id));
        await db.SaveChangesAsync(cancellationToken);
        await revoker.RevokeAllAsync(id, cancellationToken);
        await lockout.ForgetAsync(email, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static void SetPassword(User user, string hash, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        user.Password = hash;
        user.PasswordStamp = Guid.CreateVersion7(now);
        user.Touch(now);
    }

    private static ProblemHttpResult Wrong(string member) => Problems.Invalid(member, new Violation("incorrect", "Is wrong."));
}
