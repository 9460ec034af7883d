using System.ComponentModel.DataAnnotations;
using Explaino.ChatService.Conversations;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Validation;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;

namespace Explaino.ChatService.Hub;

/// <summary>What holds for every hub method: the rate, the shape of what is asked, and how it is refused: <c>code: sentence</c>, with the codes of REST.</summary>
internal sealed class HubFilter(CallRateLimiter limiter) : IHubFilter
{
    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        if (!limiter.TryAcquire(invocationContext.Context.Features.GetRequiredFeature<Connection>().UserId))
        {
            throw Refused("rate_limited", "Too many calls; try again a little later.");
        }

        foreach (var argument in invocationContext.HubMethodArguments)
        {
            Validate(argument);
        }

        try
        {
            return await next(invocationContext);
        }
        catch (Exception e) when (TransientFailure.Is(e))
        {
            throw Refused(ProblemCodes.Unavailable, "Something this call needs is away; try again.");
        }
    }

    public static HubException Refused(Refusal refusal) => Refused(refusal.Code, refusal.Detail);

    private static HubException Refused(string code, string sentence) => new($"{code}: {sentence}");

    private static void Validate(object? argument)
    {
        if (argument is null)
        {
            throw Refused(ProblemCodes.ValidationFailed, "The argument is missing.");
        }

        if (argument is HubCommand { Unreadable: { } reason })
        {
            throw Refused(ProblemCodes.ValidationFailed, reason);
        }

        var failures = new List<ValidationResult>();
        if (!Validator.TryValidateObject(argument, new ValidationContext(argument), failures, validateAllProperties: true))
        {
            throw Refused(ProblemCodes.ValidationFailed, string.Join(' ', failures.Select(failure => Violation.Parse(failure.ErrorMessage!).Sentence)));
        }
    }
}
