using Explaino.IdentityService.Codes;
using Explaino.IdentityService.Data;
using Explaino.IdentityService.Mail;
using Explaino.IdentityService.Passwords;
using Explaino.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Explaino.IdentityService.Users;

/// <summary>Deletion by whoever reads the account's mailbox, without the app, the password or a session; of a suspended account too.</summary>
internal static class WebDeletionEndpoints
{
    public static void MapWebDeletion(this IEndpointRouteBuilder api)
    {
        var deletion = api.MapGroup("/auth/deletion").WithTags("Deletion");
        deletion.MapPost("/request", RequestDeletion).AllowAnonymous().WithName(nameof(RequestDeletion)).WithSummary("Send a code that deletes an account");
        deletion.MapPost("/confirm", ConfirmDeletion).AllowAnonymous().WithName(nameof(ConfirmDeletion))
            .WithSummary("Delete an account and everything its user owns, in every service, with a code");
    }

    // Whose address it is, is found out later, by the worker: the answer takes the same time for any.
    private static async Task<Accepted> RequestDeletion(
        RequestDeletionRequest request, HttpContext http, IdentityDbContext db, MailedCodes codes, MailSignal signal, TimeProvider clock, CancellationToken cancellationToken)
    {
        db.Mails.Add(OutgoingMail.New(EmailAddress.Normalize(request.Email!), MailPurpose.AccountDeletion, codes.AskerOf(http), clock));
        await db.SaveChangesAsync(cancellationToken);
        signal.Wake();
        return TypedResults.Accepted((string?)null);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ConfirmDeletion(
        ConfirmDeletionRequest request, HttpContext http, IdentityDbContext db, PasswordHashing hashing, MailedCodes codes, UserDeletion deletion,
        CancellationToken cancellationToken)
    {
        // Hashed for nothing: a wrong code and an unknown address cost the same, and more than what differs between them.
        await hashing.HashAsync(request.Code!, cancellationToken);
        var email = EmailAddress.Normalize(request.Email!);
        var id = await db.Users.Where(user => user.NormalizedEmail == email).Select(user => user.Id).SingleOrDefaultAsync(cancellationToken);

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.LockAdminsAsync(cancellationToken);
        var user = await db.LockUserAsync(id, cancellationToken);
        if (user is null || user.NormalizedEmail != email
            || !await codes.TryUseAsync(user, CodePurpose.AccountDeletion, request.Code!, codes.AskerOf(http), cancellationToken))
        {
            await transaction.CommitAsync(cancellationToken); // the guess counts
            return Problems.Invalid("code", "Is wrong or expired.");
        }

        // Refused, it is rolled back: the right code is still good.
        return await deletion.DeleteAsync(user, transaction, cancellationToken) is { } refusal ? refusal : TypedResults.NoContent();
    }
}
