using Explaino.IdentityService.Users;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Json;
using Explaino.ServiceDefaults.Validation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Explaino.IdentityService.Suspensions;

public sealed record SuspensionRequest(
    DateTimeOffset? Until,
    [property: RequiredMember, Text(Suspension.MaximumReasonLength)] string? Reason);

/// <summary>Suspension: an account that nobody gets into, until a time or for ever. It ends by itself, because what counts is the time of the login.</summary>
internal static class Suspension
{
    public const int MaximumReasonLength = 500;

    public static DateTimeOffset? SuspendedUntil(this User user, DateTimeOffset now) => user.SuspendedUntil > now ? user.SuspendedUntil : null;

    public static ProblemHttpResult Problem(DateTimeOffset until) =>
        Problems.Forbidden("account_suspended", "The account is suspended.").Until(TimeOrForever.ToText(until));
}
