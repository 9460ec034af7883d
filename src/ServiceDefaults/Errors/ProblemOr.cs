using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Explaino.ServiceDefaults.Errors;

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
