using System.Buffers;
using System.ComponentModel.DataAnnotations;
using Microsoft.OpenApi;

namespace Explaino.ServiceDefaults.Validation;

/// <summary>
/// Text of at most so many UTF-16 code units, without control characters (docs/contract.md#1-conventions); long text may hold newlines and tabs.
/// Absent is fine: what must be there is also <see cref="RequiredMemberAttribute"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class TextAttribute(int maximumLength) : StringLengthAttribute(maximumLength), ISchemaRule
{
    /// <summary>Characters that make what follows them look like something else (UAX #9 section 2.1, 2.2), which long text may need.</summary>
    private static readonly SearchValues<char> DirectionControls = SearchValues.Create("\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069");

    /// <summary>Whether a line of text holds such a character, or a control character.</summary>
    public static bool IsOneLine(string text) => !text.Any(char.IsControl) && !text.AsSpan().ContainsAny(DirectionControls);

    /// <summary>Whether newlines and tabs are allowed.</summary>
    public bool Multiline { get; set; }

    // By itself the framework says these, but not of parameters with a default.
    public void Describe(OpenApiSchema schema) => (schema.MinLength, schema.MaxLength) = (MinimumLength > 0 ? MinimumLength : null, MaximumLength);

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) => value switch
    {
        null => ValidationResult.Success,
        string text when text.Length < MinimumLength || text.Length > MaximumLength => new(Violation.OfLength(text.Length, MinimumLength, MaximumLength)),
        string text when text.Any(character => char.IsControl(character) && !(Multiline && character is '\n' or '\t')) =>
            new(new Violation("control_character", "Must not contain control characters.")),
        string text when !Multiline && text.AsSpan().ContainsAny(DirectionControls) =>
            new(new Violation("control_character", "Must not contain characters that change the direction of text.")),
        string => ValidationResult.Success,
        _ => throw new InvalidOperationException("[Text] is for strings."),
    };
}
