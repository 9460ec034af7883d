using System.ComponentModel.DataAnnotations;
using System.Text;
using Explaino.ServiceDefaults.Validation;
using Microsoft.OpenApi;

namespace Explaino.IdentityService.Passwords;

/// <summary>Whose email address and username the password in the same request must not be.</summary>
internal interface INamePasswordOwner
{
    string? Email { get; }

    string? Username { get; }
}

/// <summary>Validates a new password by <see cref="PasswordRules"/>; any character but NUL, and never trimmed.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NewPasswordAttribute : ValidationAttribute, ISchemaRule
{
    public void Describe(OpenApiSchema schema) => (schema.MinLength, schema.MaxLength) = (PasswordRules.MinimumLength, PasswordRules.MaximumLength);

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var owner = validationContext.ObjectInstance as INamePasswordOwner;
        return value is string password && PasswordRules.Refuse(password, owner?.Email, owner?.Username) is { } violation
            ? new ValidationResult(violation)
            : ValidationResult.Success;
    }
}

/// <summary>Password policy by NIST SP 800-63B: length and a list of what everybody tries first, not rules about kinds of characters.</summary>
internal static class PasswordRules
{
    public const int MinimumLength = 8;
    public const int MaximumLength = 128;

    private static readonly HashSet<string> Common = ReadCommon();

    /// <returns>Why this password cannot be the one of the user with this email address and username, or null.</returns>
    public static Violation? Refuse(string password, string? email, string? username) => Canonical(password) switch
    {
        var canonical when canonical.EnumerateRunes().Count() is (< MinimumLength or > MaximumLength) and var length =>
            Violation.OfLength(length, MinimumLength, MaximumLength),
        _ when password.Contains('\0', StringComparison.Ordinal) => new("control_character", "Must not contain NUL characters."),
        var canonical when Common.Contains(canonical) => new("common_password", "Is among the most common passwords."),
        _ when Is(password, email) || Is(password, username) => new("contains_name", "Must not be the email address or the username."),
        _ => null,
    };

    /// <summary>What is counted, compared and hashed: NFC (RFC 8265 section 4.2), since one keyboard composes an accent and another does not.</summary>
    public static string Canonical(string password) => password.Normalize(NormalizationForm.FormC);

    private static bool Is(string password, string? name) => string.Equals(password.Trim(), name?.Trim(), StringComparison.OrdinalIgnoreCase);

    private static HashSet<string> ReadCommon()
    {
        using var list = new StreamReader(typeof(PasswordRules).Assembly.GetManifestResourceStream("common-passwords.txt")!);
        return new(list.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries), StringComparer.OrdinalIgnoreCase);
    }
}
