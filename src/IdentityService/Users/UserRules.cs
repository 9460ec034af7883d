using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Explaino.ServiceDefaults.Validation;
using Microsoft.OpenApi;

namespace Explaino.IdentityService.Users;

/// <summary>Validates an <see cref="EmailAddress"/>; absent is fine.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class EmailAttribute()
    : ValidationAttribute(new Violation("wrong_form", "Must be an email address of at most 255 characters, of which 64 before the @.", Max: EmailAddress.MaximumLength)), ISchemaRule
{
    public override bool IsValid(object? value) => value is null || (value is string text && EmailAddress.Canonical(text) is not null);

    // Domains may be international.
    public void Describe(OpenApiSchema schema) => (schema.Format, schema.MaxLength) = ("idn-email", EmailAddress.MaximumLength);
}

/// <summary>8 to 16 characters, a letter first; absent is fine.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed partial class UsernameAttribute : ValidationAttribute, ISchemaRule
{
    private const int MinimumLength = 8;
    private const int MaximumLength = 16;

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) => value is string text && !Username().IsMatch(text)
        ? new(new Violation(
            text.Length is >= MinimumLength and <= MaximumLength ? "wrong_form" : Violation.OfLength(text.Length, MinimumLength, MaximumLength).Rule,
            "Must be 8 to 16 characters long, start with a letter and go on with letters, digits, '.', '_' or '-'.",
            MinimumLength,
            MaximumLength))
        : ValidationResult.Success;

    public void Describe(OpenApiSchema schema) => (schema.MinLength, schema.MaxLength, schema.Pattern) = (MinimumLength, MaximumLength, "^[A-Za-z][A-Za-z0-9._-]{7,15}$");

    [GeneratedRegex("""^[A-Za-z][A-Za-z0-9._-]{7,15}\z""")]
    private static partial Regex Username();
}

/// <summary>An international number; the <c>+</c> may be left out. Absent is fine.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed partial class PhoneNumberAttribute()
    : ValidationAttribute(new Violation("wrong_form", "Must be '+' and 7 to 15 digits, the first not 0.", 7, 15)), ISchemaRule
{
    public static string? WithPlus(string? number) => number is null or ['+', ..] ? number : $"+{number}";

    public override bool IsValid(object? value) => value is null || (value is string text && Number().IsMatch(text));

    public void Describe(OpenApiSchema schema) => schema.Pattern = @"^\+?[1-9][0-9]{6,14}$";

    [GeneratedRegex("""^\+?[1-9][0-9]{6,14}\z""")]
    private static partial Regex Number();
}
