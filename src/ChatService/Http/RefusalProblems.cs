using Explaino.ChatService.Conversations;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Validation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Explaino.ChatService.Http;

/// <summary>Refusals as HTTP says them: problems with a status.</summary>
internal static class RefusalProblems
{
    public static ProblemHttpResult ToProblem(this Refusal refusal)
    {
        var problem = refusal is { Member: { } named, Rule: { } rule }
            ? Problems.Of(StatusOf(refusal.Kind), refusal.Code, refusal.Detail, new Dictionary<string, string[]> { [named] = [new Violation(rule, refusal.Detail)] })
            : refusal.Member is { } member ? Problems.Invalid(member, refusal.Detail)
            : Problems.Of(StatusOf(refusal.Kind), refusal.Code, refusal.Detail);
        return refusal.RetryAfter is { } delay ? problem.RetryAfter(delay) : problem;
    }

    private static int StatusOf(RefusalKind kind) => kind switch
    {
        RefusalKind.Unauthenticated => StatusCodes.Status401Unauthorized,
        RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
        RefusalKind.NotFound => StatusCodes.Status404NotFound,
        RefusalKind.Conflict => StatusCodes.Status409Conflict,
        RefusalKind.PreconditionFailed => StatusCodes.Status412PreconditionFailed,
        _ => StatusCodes.Status400BadRequest,
    };
}
