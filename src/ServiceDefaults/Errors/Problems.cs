using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Explaino.ServiceDefaults.Errors;

/// <summary>
/// Refusals as RFC 9457 problems (docs/contract.md#1-conventions). <c>code</c> is snake_case and stable: clients branch on it, the service's README lists it.
/// </summary>
public static class Problems
{
    public static ProblemHttpResult BadRequest(string code, string detail) => Of(StatusCodes.Status400BadRequest, code, detail);

    /// <summary>401; <c>WWW-Authenticate</c> comes with it, as with every 401.</summary>
    public static ProblemHttpResult Unauthorized(string code, string detail) => Of(StatusCodes.Status401Unauthorized, code, detail);

    public static ProblemHttpResult NotFound(string code, string detail) => Of(StatusCodes.Status404NotFound, code, detail);

    public static ProblemHttpResult Forbidden(string code, string detail) => Of(StatusCodes.Status403Forbidden, code, detail);

    public static ProblemHttpResult Conflict(string code, string detail) => Of(StatusCodes.Status409Conflict, code, detail);

    public static ProblemHttpResult PreconditionFailed() =>
        Of(StatusCodes.Status412PreconditionFailed, "precondition_failed", "It has changed since: the ETag in If-Match is not the current one.");

    /// <summary>400 about one member. <paramref name="member"/> is a JSON path: <c>first_name</c>, <c>images[2]</c>.</summary>
    /// <param name="member">Which.</param>
    /// <param name="violation">A <see cref="Validation.Violation"/>, which names the rule; a mere sentence is about the form.</param>
    public static ProblemHttpResult Invalid(string member, string violation) =>
        Invalid(new Dictionary<string, string[]> { [member] = [violation] });

    /// <summary>400 about members, all of them at once: JSON path to violations.</summary>
    public static ProblemHttpResult Invalid(IDictionary<string, string[]> errors) =>
        Of(StatusCodes.Status400BadRequest, ProblemCodes.ValidationFailed, "One or more members are invalid.", errors);

    /// <summary>409 about members that collide with something that exists: JSON path to violations.</summary>
    public static ProblemHttpResult Conflict(string code, string detail, IDictionary<string, string[]> errors) =>
        Of(StatusCodes.Status409Conflict, code, detail, errors);

    public static ProblemHttpResult Of(int status, string code, string detail, IDictionary<string, string[]>? errors = null)
    {
        var problem = errors is null ? new() : new HttpValidationProblemDetails(errors);
        problem.Status = status;
        problem.Detail = detail;
        problem.Extensions["code"] = code;
        return TypedResults.Problem(problem);
    }

    /// <summary>The same refusal, with a member <c>until</c>: the time when it ends, or <c>forever</c>.</summary>
    public static ProblemHttpResult Until(this ProblemHttpResult problem, string until)
    {
        problem.ProblemDetails.Extensions[ProblemWriter.UntilMember] = until;
        return problem;
    }

    /// <summary>The same refusal, with <c>Retry-After</c> in seconds: the thing may well be there then.</summary>
    public static ProblemHttpResult RetryAfter(this ProblemHttpResult problem, TimeSpan delay)
    {
        problem.ProblemDetails.Extensions[ProblemWriter.RetryAfterMember] = delay;
        return problem;
    }
}

/// <summary>Discriminated union: what was asked for, or the problem that says why there is none. The compiler knows which.</summary>
public readonly struct ProblemOr<T> where T : class
{
    private readonly T? _value;
    private readonly ProblemHttpResult? _problem;

    private ProblemOr(T? value, ProblemHttpResult? problem) => (_value, _problem) = (value, problem);

    public static implicit operator ProblemOr<T>(T value) => new(value, null);

    public static implicit operator ProblemOr<T>(ProblemHttpResult problem) => new(null, problem);

    public bool IsProblem([NotNullWhen(true)] out ProblemHttpResult? problem, [NotNullWhen(false)] out T? value)
    {
        (problem, value) = (_problem, _value);
        return problem is not null || (value is null ? throw new InvalidOperationException("It was never made.") : false);
    }
}
