using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Explaino.ServiceDefaults.Validation;

/// <summary>
/// Violation: which rule a member breaks, as a stable word for programs with its numbers, and a sentence for people (docs/contract.md#1-conventions). The
/// framework's validation passes on text only, so that a violation travels as one.
/// </summary>
public sealed record Violation(string Rule, string Sentence, long? Min = null, long? Max = null)
{
    private const char Separator = '\u001F';

    [return: NotNullIfNotNull(nameof(violation))]
    public static implicit operator string?(Violation? violation) => violation?.ToString();

    public static Violation OfLength(int length, int min, int max) => new(
        length == 0 ? "blank" : length < min ? "too_short" : "too_long",
        min > 0 ? $"Must be {min} to {max} characters long." : $"Must be at most {max} characters long.",
        min > 0 ? min : null,
        max);

    public override string ToString() => string.Join(Separator, Rule, Number(Min), Number(Max), Sentence);

    /// <summary>A sentence that names no rule is the framework's of what is missing, or about the form.</summary>
    public static Violation Parse(string text) => text.Split(Separator) is [var rule, var min, var max, var sentence]
        ? new(rule, sentence, Number(min), Number(max))
        : new(text.EndsWith(" field is required.", StringComparison.Ordinal) ? "required" : "wrong_form", text);

    private static string? Number(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static long? Number(string text) => text.Length > 0 ? long.Parse(text, CultureInfo.InvariantCulture) : null;
}
