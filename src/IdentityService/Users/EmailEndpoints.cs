using System.Security.Claims;
using Explaino.IdentityService.Audit;
using Explaino.IdentityService.Codes;
using Explaino.IdentityService.Data;
using Explaino.IdentityService.Mail;
using Explaino.ServiceData.Audit;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Validation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Explaino.IdentityService.Users;

internal static class EmailEndpoints
{
    public static void MapEmail(this IEndpointRouteBuilder api)
    {
        var email = api.MapGroup("/auth/email").WithTags("Email");
        email.MapPost("/send-code", SendCode).WithName(nameof(SendCode)).WithSummary("Send a code to the current user's email address");
        email.MapPost("/verify", VerifyEmail).WithName(nameof(VerifyEmail)).WithSummary("Verify the current user's email address with a code");
    }

    private static async Task<Accepted> SendCode(
        ClaimsPrincipal principal, IdentityDbContext db, MailedCodes codes, MailSignal signal, TimeProvider clock, CancellationToken cancellationToken)
    {
        var id = principal.Id();
        var email = await db.Users.Where(user => user.Id == id).Select(user => user.NormalizedEmail).SingleOrDefaultAsync(cancellationToken);
        if (email is not null)
        {
            db.Mails.Add(OutgoingMail.New(email, MailPurpose.EmailVerification, codes.AskerOf(id), clock));
            await db.SaveChangesAsync(cancellationToken);
            signal.Wake();
        }

        return TypedResults.Accepted((string?)null);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> VerifyEmail(
        VerifyEmailRequest request, ClaimsPrincipal principal, IdentityDbContext db, MailedCodes codes, AuditLog audit, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.LockCallerAsync(principal, cancellationToken) is not { } user)
        {
            return UserLocks.SessionEnded();
        }

        if (!await codes.TryUseAsync(user, CodePurpose.EmailVerification, request.Code!, codes.AskerOf(user.Id), cancellationToken))
        {
            await transaction.CommitAsync(cancellationToken); // the try counts
            return Problems.Invalid("code", new Violation("incorrect", "Is wrong or expired."));
        }

        if (!user.EmailVerified)
        {
            user.EmailVerified = true;
            user.Touch(clock.GetUtcNow());
            db.AuditEntries.Add(audit.Done(AuditActions.EmailVerification, user.Id));
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }
}
