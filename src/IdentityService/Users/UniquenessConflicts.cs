using Explaino.IdentityService.Data;
using Explaino.ServiceData.Postgres;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Validation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Explaino.IdentityService.Users;

/// <summary>Uniqueness conflicts: the database refuses a taken email address, username or phone number; this tells the client all that are taken, not the first only.</summary>
internal static class UniquenessConflicts
{
    public static bool ViolatesUniqueness(this DbUpdateException refused) =>
        refused.Violates(UserConfiguration.UniqueEmailIndex)
        || refused.Violates(UserConfiguration.UniqueUsernameIndex)
        || refused.Violates(UserConfiguration.UniquePhoneNumberIndex);

    public static async Task<ProblemHttpResult> ExplainConflictAsync(this IdentityDbContext db, User wanted, CancellationToken cancellationToken)
    {
        var others = await db.Users.AsNoTracking()
            .Where(user => user.Id != wanted.Id)
            .Where(user => user.NormalizedEmail == wanted.NormalizedEmail
                || user.NormalizedUsername == wanted.NormalizedUsername
                || (wanted.PhoneNumber != null && user.PhoneNumber == wanted.PhoneNumber))
            .Select(user => new { user.NormalizedEmail, user.NormalizedUsername, user.PhoneNumber })
            .ToListAsync(cancellationToken);

        var errors = new Dictionary<string, string[]>();
        AddIf(others.Any(user => user.NormalizedEmail == wanted.NormalizedEmail), "email", "This email address is taken.");
        AddIf(others.Any(user => user.NormalizedUsername == wanted.NormalizedUsername), "username", "This username is taken.");
        AddIf(others.Any(user => user.PhoneNumber is { } number && number == wanted.PhoneNumber), "phone_number", "This phone number is taken.");

        return Problems.Conflict("already_taken", "Somebody else has what must be unique.", errors);

        void AddIf(bool taken, string member, string sentence)
        {
            if (taken)
            {
                errors[member] = [new Violation("taken", sentence)];
            }
        }
    }
}
