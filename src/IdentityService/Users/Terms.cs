using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Validation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Explaino.IdentityService.Users;

/// <summary>The <c>Terms</c> section of configuration (docs/contract.md#8-settings), which the gateway reads too, and tells apps.</summary>
internal sealed class TermsOptions
{
    public const int MaximumLength = 50;

    /// <summary>Empty is unset: nobody has to agree to anything.</summary>
    public string? Version { get; set; }

    /// <returns>Null, or why nobody registers who accepts this.</returns>
    public ProblemHttpResult? Refuse(string? accepted) => (string.IsNullOrEmpty(Version), accepted) switch
    {
        (true, _) => null,
        (_, null) => Problems.Invalid("accepted_terms", new Violation("required", "Must be the version of the terms that are agreed to.")),
        _ when accepted == Version => null,
        _ => Problems.Invalid("accepted_terms", new Violation("not_a_word", $"Must be {Version}, the version of the terms as they are now.")),
    };
}
