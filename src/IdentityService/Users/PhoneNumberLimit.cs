using Explaino.IdentityService.Data;
using Explaino.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Explaino.IdentityService.Users;

/// <summary>
/// Rate limit of changes to one's phone number: each tells whether somebody has that number, and keeps it from others (docs/adr/0026).
/// </summary>
internal static class PhoneNumberLimit
{
    private const int MaximumTries = 5;
    private static readonly TimeSpan Window = TimeSpan.FromDays(1);

    /// <summary>Counts a try in the transaction in which the user is locked; it is to be committed even if the number turns out to be taken.</summary>
    /// <returns>The 429, if there were enough.</returns>
    public static async Task<ProblemHttpResult?> CountPhoneNumberAsync(
        this IdentityDbContext db, User user, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (tries, from) = user.PhoneNumberTriesFrom is { } began && now - began < Window ? (user.PhoneNumberTries + 1, began) : (1, now);
        if (tries > MaximumTries)
        {
            return Problems.Of(
                StatusCodes.Status429TooManyRequests, "too_many_phone_numbers", $"The phone number can be changed {MaximumTries} times a day.")
                .RetryAfter(from + Window - now);
        }

        await db.Users.Where(row => row.Id == user.Id).ExecuteUpdateAsync(
            update => update.SetProperty(row => row.PhoneNumberTries, tries).SetProperty(row => row.PhoneNumberTriesFrom, from), cancellationToken);
        return null;
    }
}
