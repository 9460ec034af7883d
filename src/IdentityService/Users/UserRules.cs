using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Explaino.ServiceDefaults.Validation;
using Microsoft.OpenApi;

namespace Explaino.IdentityService.Users;

/// <summary>Validates an <see cref="EmailAddress"/>; absent is fine.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class EmailAttribute() : ValidationAttribute("Must be an email address of at most 255 characters, of which 64 before the @."), ISchemaRule
{
    public override bool IsValid(object? value) => value is null || (value is string text && EmailAddress.Canonical(text) is not null);

    // Domains may be international.
    public void Describe(OpenApiSchema schema) => (schema.Format, schema.MaxLength) = ("idn-email", EmailAddress.MaximumLength);
}

/// <summary>8 to 16 characters, a letter first; absent is fine.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed partial class UsernameAttribute()
    : ValidationAttribute("Must be 8 to 16 characters long, start with a letter and go on with letters, digits, '.', '_' or '-'."), ISchemaRule
{
    public override bool IsValid(object? value) => value is null || (value is string text && Username().IsMatch(text));

    public void Describe(OpenApiSchema schema) => (schema.MinLength, schema.MaxLength, schema.Pattern) = (8, 16, "^[A-Za-z][A-Za-z0-9._-]{7,15}$");

    [GeneratedRegex("""^[A-Za-z][A-Za-z0-9._-]{7,15}\z""")]
    private static partial Regex Username();
}

/// <summary>An international number; the <c>+</c> may be left out. Absent is fine.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed partial class PhoneNumberAttribute() : ValidationAttribute("Must be '+' and 7 to 15 digits, the first not 0."), ISchemaRule
{
    public static string? WithPlus(string? number) => number is null or ['+', ..] ? number : $"+{number}";

    public override bool IsValid(object? value) => value is null || (value is string text && Number().IsMatch(text));

    public void Describe(OpenApiSchema schema) => schema.Pattern = @"^\+?[1-9][0-9]{6,14}$";

    [GeneratedRegex("""^\+?[1-9][0-9]{6,14}\z""")]
    private static partial Regex Number();
}
