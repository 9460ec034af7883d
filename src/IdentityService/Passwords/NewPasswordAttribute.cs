using System.ComponentModel.DataAnnotations;

namespace Explaino.IdentityService.Passwords;

/// <summary>Whose email address and username the password in the same request must not be.</summary>
internal interface INamePasswordOwner
{
    string? Email { get; }

    string? Username { get; }
}

/// <summary>What a password must be to be accepted; any character but NUL, and never trimmed.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NewPasswordAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var owner = validationContext.ObjectInstance as INamePasswordOwner;
        return value is string password && PasswordRules.Refuse(password, owner?.Email, owner?.Username) is { } sentence
            ? new ValidationResult(sentence)
            : ValidationResult.Success;
    }
}
