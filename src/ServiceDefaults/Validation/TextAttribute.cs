using System.ComponentModel.DataAnnotations;

namespace Explaino.ServiceDefaults.Validation;

/// <summary>
/// Text of at most so many UTF-16 code units, without control characters (docs/contract.md#1-conventions); long text may hold newlines and tabs.
/// Absent is fine: what must be there is also <see cref="RequiredAttribute"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class TextAttribute(int maximumLength) : StringLengthAttribute(maximumLength)
{
    /// <summary>Whether newlines and tabs are allowed.</summary>
    public bool Multiline { get; set; }

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) => value switch
    {
        null => ValidationResult.Success,
        string text when text.Length < MinimumLength || text.Length > MaximumLength => Refusal(Lengths),
        string text when text.Any(character => char.IsControl(character) && !(Multiline && character is '\n' or '\t')) =>
            Refusal("Must not contain control characters."),
        string => ValidationResult.Success,
        _ => throw new InvalidOperationException("[Text] is for strings."),
    };

    private string Lengths => MinimumLength > 0
        ? $"Must be {MinimumLength} to {MaximumLength} characters long."
        : $"Must be at most {MaximumLength} characters long.";

    private static ValidationResult Refusal(string sentence) => new(sentence);
}
